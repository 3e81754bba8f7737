"""The columns of a register (台账): how the sample office heads them, and what other offices write for the same."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType as Frozen


class Column(StrEnum):
    """A column that says something which a case keeps; the value is the head in the office's own layout, in its order."""

    SERIAL = "序号"
    REGISTERED = "登记时间"
    CHANNEL = "渠道"
    HALL = "大厅"
    NAME = "反映人"
    PHONE = "电话"
    MATTER = "事项"
    STATEMENT = "问题描述"
    OBSTACLE = "阻碍类型"
    DIFFICULTY = "难度"
    LEAD = "承办部门"
    CO = "协办部门"
    HANDLING = "处理经过"
    OUTCOME = "结果"
    CLOSED = "办结时间"
    GRADE = "满意度"
    SOURCE = "来源"
    NUMBER = "编号"


NEEDED = (Column.REGISTERED, Column.NAME, Column.STATEMENT)

_OTHERS: Mapping[Column, str] = Frozen(
    {
        Column.SERIAL: "序 顺序号 序列 行号 NO NO.",
        Column.REGISTERED: "登记日期 登记时刻 受理时间 受理日期 来电时间 来电日期 来访时间 来访日期 反映时间 反映日期"
        " 收件时间 收件日期 接件时间 接待时间 接待日期 诉求时间 诉求日期 提交时间 时间 日期",
        Column.CHANNEL: "来源渠道 反映渠道 诉求渠道 受理渠道 登记渠道 渠道来源 受理方式 反映方式 来件方式 反映途径 途径",
        Column.HALL: "受理大厅 所在大厅 政务大厅 服务大厅 登记大厅 受理网点 服务中心 受理地点 登记地点 办事大厅",
        Column.NAME: "诉求人 姓名 来访人 来电人 申请人 办事人 群众姓名 反映人姓名 诉求人姓名 来访人姓名 申请人姓名 办事群众"
        " 企业群众 反映人或单位 客户姓名 联系人",
        Column.PHONE: "联系电话 手机号 手机 手机号码 电话号码 联系方式 联系号码 来电号码 反映人电话 诉求人电话 反映人联系方式",
        Column.MATTER: "事项名称 反映事项 办理事项 业务事项 所办事项 政务服务事项 涉及事项 办事事项 业务名称 办理业务",
        Column.STATEMENT: "反映内容 诉求内容 问题内容 反映问题 诉求 问题 具体问题 反映的问题 问题及诉求 诉求描述 内容 主要内容"
        " 事情经过 反映情况 诉求事项 办不成原因描述",
        Column.OBSTACLE: "卡点 卡点类型 问题类型 阻碍原因 问题分类 原因分类 办不成原因 堵点类型 问题类别 原因类型",
        Column.DIFFICULTY: "难易程度 难度等级 难度类别 办理难度 事项难度 难度分类",
        Column.LEAD: "主办部门 责任单位 责任部门 承办单位 主办单位 牵头部门 牵头单位 办理部门 办理单位 转办部门 转办单位"
        " 交办单位 交办部门 涉及部门 经办部门",
        Column.CO: "协办单位 配合部门 配合单位 协助部门 协同部门 会办部门 会办单位",
        Column.HANDLING: "办理情况 处理情况 办理过程 办理经过 处理过程 办理结果说明 处置情况 处理意见 办理措施 解决措施 落实情况",
        Column.OUTCOME: "办理结果 办结类型 处理结果 办结结果 办理状态 状态 是否办结 办结情况 处置结果 是否解决",
        Column.CLOSED: "办结日期 办结时刻 完成时间 完成日期 办理时间 办理完成时间 答复时间 答复日期 结束时间 解决时间 处理时间",
        Column.GRADE: "群众满意度 满意度评价 评价 评价结果 是否满意 满意情况 回访满意度 群众评价 满意程度",
        Column.SOURCE: "案例来源 出处 备注来源",
        Column.NUMBER: "反映事项编号 系统编号 案号 事项编号 受理编号 登记编号 工单编号",
    }
)

# Every head by which a column is known: the office's own first.
HEADS: Mapping[Column, tuple[str, ...]] = Frozen(
    {column: (column.value, *_OTHERS[column].split()) for column in Column}
)


class CellError(ValueError):
    """A cell that cannot be right; `message` says in Chinese why, and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
