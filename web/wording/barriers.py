"""What stands on a road, as people say it; the list is the product's own, the plan names none."""

from __future__ import annotations

from typing import Final

from web.wording.wording import Wording

BARRIER_NAMES: Final = {
    "earth_mound": Wording(zh="土堆", en="Earth mound"),
    "concrete_block": Wording(zh="水泥墩", en="Concrete blocks"),
    "trench": Wording(zh="挖断路面", en="Trench dug across"),
    "wall": Wording(zh="砌墙", en="Wall"),
    "container": Wording(zh="集装箱", en="Container"),
    "welded_gate": Wording(zh="焊死铁门", en="Gate welded shut"),
    "parked_vehicle": Wording(zh="车辆或农机横停", en="Vehicle parked across"),
    "felled_tree": Wording(zh="树木堆堵", en="Felled trees"),
    "other_hard": Wording(zh="其他硬隔离", en="Another hard barrier"),
    "movable": Wording(zh="可移动护栏", en="Movable bar"),
    "staffed": Wording(zh="专人值守", en="Guards"),
    "none": Wording(zh="无设施", en="Nothing to see"),
}
