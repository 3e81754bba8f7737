"""Reference data that every city starts with: the obstacle reasons of the published practice."""

from __future__ import annotations

from cases.models import Obstacle

# code, name at the counter, what citizens read (pages.md C2, step 3). The order is the number key.
OBSTACLES = (
    ("coordination", "多部门协调", "一个窗口办不了，要几个部门一起办"),
    ("policy", "政策", "政策不清楚，或者没有规定"),
    ("system", "系统", "系统、网络有问题"),
    ("material", "材料", "材料缺、材料对不上，或者开不出来"),
    ("attitude", "服务态度", "服务态度不好"),
    ("refusal", "受理", "不收件，也不说明原因"),
    ("advice", "咨询", "问了，没有人说得清"),
    ("approval", "审批环节", "交了材料，迟迟没有结果"),
    ("scope", "不属政务服务范围", "其他"),
)


def load_obstacles() -> None:
    """Load the obstacle reasons. Safe to repeat; names that a city changed stay."""
    for order, (code, name, citizen_text) in enumerate(OBSTACLES, 1):
        Obstacle.objects.get_or_create(
            code=code, defaults={"name": name, "citizen_text": citizen_text, "order": order}
        )
