"""What the window does not take, and where it belongs instead. A redirect is a first-class answer, never an error.

Whoever is redirected hears reason, right channel and contact in the same answer (潍坊市12345条例 第十九条, 北京市接诉即办
工作条例 第十一条). Codes are stored on the case and its event; the texts may change. Source: policy.md 1.4, F3.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Reason(NamedTuple):
    """One reason for a redirect. `contact` is empty where only the clerk can name it; `hotline` says to enter it in 12345."""

    label: str
    channel: str
    contact: str
    sentence: str
    urgent: bool = False
    hotline: bool = False

    @property
    def needs_contact(self) -> bool:
        """Say whether the clerk must write whom to ask, because the city alone does not decide it."""
        return not self.contact


REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        "emergency": Reason(
            "紧急情况",
            "紧急救助电话",
            "报警 110、火警 119、急救 120、交通事故 122",
            "这是紧急情况，请不要等窗口答复。报警拨 110，火警拨 119，急救拨 120，交通事故拨 122。",
            urgent=True,
        ),
        "consumer": Reason(
            "消费纠纷",
            "消费者投诉举报热线",
            "12315",
            "买东西、付费服务的纠纷，由市场监管部门的消费投诉渠道处理。请拨打 12315，或登录全国12315平台提交。",
        ),
        "citizen_request": Reason(
            "一般市民诉求",
            "政务服务便民热线",
            "12345",
            "这件事不是办理政务服务事项遇到的问题，由 12345 热线转给负责的单位。我们可以当场帮您转过去，您也可以自己拨打。",
            hotline=True,
        ),
        "enforcement": Reason(
            "征收拆迁、违法建设、行政处罚或强制",
            "作出决定的部门或 12345",
            "12345",
            "这件事由作出决定的执法部门处理，请向该部门陈述申辩，或拨打 12345。不服决定的，决定书上写有复议和诉讼的期限。",
            hotline=True,
        ),
        "legal_route": Reason(
            "应走诉讼、仲裁或行政复议",
            "公共法律服务热线",
            "12348",
            "这件事要通过诉讼、仲裁或者行政复议解决，窗口不能代替作出决定。怎么走、期限多长，可以拨打 12348 免费咨询。",
        ),
        "in_proceedings": Reason(
            "已在诉讼、仲裁、复议或调解中",
            "正在审理的机关",
            "公共法律服务热线 12348",
            "这件事已经进入诉讼、仲裁、复议或者调解，请等待审理机关的决定。程序上的问题可以拨打 12348 免费咨询。",
        ),
        "petition": Reason(
            "信访事项",
            "信访部门",
            "当地信访接待场所，或国家信访局网上信访平台",
            "这件事属于信访事项，由信访部门登记并答复。您可以到当地信访接待场所，或在国家信访局网上信访平台提交。",
        ),
        "discipline": Reason(
            "检举控告公职人员违纪违法",
            "纪检监察举报电话",
            "12388",
            "检举、控告公职人员违纪违法，由纪检监察机关受理。请拨打 12388 或登录纪检监察举报网站，您的信息会依法保密。",
        ),
        "other_area": Reason(
            "不属于本市办理",
            "有管辖权地区的政务服务窗口",
            "",
            "这件事由其他地区办理，本市没有权限。请联系下面写明的地区和单位，也可以拨打当地区号加 12345。",
        ),
        "other_level": Reason(
            "不属于本级办理",
            "有权限的上级或下级窗口",
            "",
            "这件事不在本级权限内，由下面写明的窗口办理，您可以直接前往或先打电话。",
        ),
        "no_definite_matter": Reason(
            "没有明确的事项或对象",
            "本窗口",
            "本窗口",
            "现在还看不出要办的是哪件事、找的是哪个部门。请带上当时的材料或说清时间地点再来，我们随时重新登记。",
        ),
        "already_handling": Reason(
            "同一件事正在办理",
            "原反映事项",
            "按原编号查询进度",
            "同一件事已经登记并正在办理，这次来访已记在原来的编号下，不用重复反映；凭原编号可以随时查进度。",
        ),
        "repeated": Reason(
            "已经答复，没有新的情况",
            "原答复写明的途径",
            "按原编号查看答复",
            "这件事已经办结并答复过，目前没有新的情况，答复内容不变。您有新的材料或情况时，我们会重新办理。",
        ),
        "beyond_duty": Reason(
            "不属于政府职责",
            "市场或社会服务渠道",
            "",
            "这件事不由政府部门决定，请通过下面写明的单位或合同约定的途径解决；需要法律意见可以拨打 12348 免费咨询。",
        ),
        "against_policy": Reason(
            "与现行政策规定不符",
            "制定或解释政策的部门",
            "",
            "按现行规定这件事不能这样办。依据和可以改走的办法写在下面；对规定有意见，可以向下面写明的部门提出。",
        ),
        "secret": Reason(
            "涉及国家秘密、商业秘密或他人隐私",
            "保管信息的部门",
            "",
            "您要的内容涉及秘密或他人隐私，依法不能提供。依法可以公开的部分，请向下面写明的部门申请。",
        ),
    }
)


def redirect_text(code: str, contact: str = "") -> str:
    """Return the whole answer to the citizen: sentence, then channel and contact. The clerk may edit it before sending.

    >>> redirect_text("consumer").endswith("联系方式：12315")
    True
    >>> redirect_text("other_area", "邻市政务服务中心 0701-12345").splitlines()[1:]
    ['请联系：有管辖权地区的政务服务窗口', '联系方式：邻市政务服务中心 0701-12345']
    >>> redirect_text("other_area")
    Traceback (most recent call last):
    ValueError: 请写明该找哪个单位、怎么联系。

    Errors: KeyError for an unknown code; ValueError when only the clerk can know the contact and wrote none.
    """
    reason = REASONS[code]
    contact = contact.strip() or reason.contact
    if not contact:
        raise ValueError("请写明该找哪个单位、怎么联系。")
    return f"{reason.sentence}\n请联系：{reason.channel}\n联系方式：{contact}"
