"""The invented demo county: a schematic Fangcheng around real names, the same in every run."""
