"""Makes Inter Tabular from Inter: figures of equal width as the default, Latin, Greek and symbols only.

Qt before 6.7 cannot switch on a font's `tnum` feature, so that columns of numbers would not line up.
Usage: python3 make_tabular.py FOLDER (needs fontTools); reads and writes there.
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x17F), (0x2C6, 0x2DD), (0x391, 0x3C9), (0x2000, 0x206F), (0x2070, 0x209C), (0x20AC, 0x20AC),
          (0x2122, 0x2122), (0x2190, 0x2193), (0x2200, 0x2265)]

for style in ("Regular", "SemiBold"):
    font = TTFont(f"{sys.argv[1]}/Inter-{style}.otf")
    gsub = font["GSUB"].table
    tabular = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in gsub.LookupList.Lookup[index].SubTable:
                    tabular.update(getattr(sub, "ExtSubTable", sub).mapping)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = {code: tabular.get(glyph, glyph) for code, glyph in table.cmap.items()}
    for record in font["name"].names:
        text = record.toUnicode()
        if record.nameID in (1, 3, 4, 16):
            record.string = text.replace("Inter", "Inter Tabular", 1)
        elif record.nameID == 6:
            record.string = text.replace("Inter", "InterTabular", 1)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = f"InterTabular-{style}"
        top = cff.topDictIndex[0]
        top.FamilyName, top.FullName = "Inter Tabular", f"Inter Tabular {style}"
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)
    font.save(f"{sys.argv[1]}/InterTabular-{style}.otf")
