#!/usr/bin/env python3
"""Make a benchmark corpus of disclosure annual reports by varying seed reports. Standard library only.

    python make_corpus.py --n 2000 --out DIR [--seeds DIR] [--formats txt,html,docx,pdf [--in-turn]] [--mix-encodings]

Each output is one seed with: another agency and year; other counts in the narrative; its table cells refilled with
numbers that balance (received + carried over = total + carried forward; a row whose cells the seed lacks stays as it
is, so seed 002's column sums may be off); sentences and enumerated items reordered, dropped, and taken over from the
same section of other seeds; some words exchanged. The layout of the seed's tables (one cell a line, tabs, spaces), its
enumeration style and its compatibility characters stay. Lengths run from about 0.8 to 2 times the seed's. html, docx
and pdf copies hold the same narrative with the statutory tables as real tables (merged cells; ruled lines in the pdf,
whose font is not embedded); their request table is the 2021 form's whatever the year, and procurement is left out.
The same --seed gives the same bytes. The texts are for timing; they say nothing true about any agency.
"""

import argparse
import html
import io
import json
import os
import random
import re
import unicodedata
import zipfile
import zlib

CN = "一二三四五六七八九十"
SECTION = re.compile(
    r"^[#\s]*([一二三四五六])、\s*(?:总体情况|主动公开|收到和处理|政府信息公开行政复议|存在的主要问题|其他需要报告)"
)
NARR = re.compile(r"[。；]|[一-鿿]{12,}")
COUNT = re.compile(r"(?<![\d.〔])\d{1,5}(?:\.\d+)?(?=\s*(?:余|多)?(?:条|份|件|次|个|期|篇|场|人|元))")
SWAP = [
    ("进一步", "持续"),
    ("加强", "强化"),
    ("群众", "公众"),
    ("及时", "第一时间"),
    ("全面", "系统"),
    ("推进", "推动"),
    ("完善", "健全"),
    ("工作人员", "经办人员"),
    ("提升", "提高"),
    ("规范", "标准"),
    ("有待", "还需"),
    ("不够", "不甚"),
    ("认真", "切实"),
    ("严格", "从严"),
    ("微信公众号", "政务微博"),
    ("公告栏", "公示栏"),
    ("门户网站", "官方网站"),
]
SURN = "青白清石龙凤金玉大小上下东西南北新永安和平双三柳杨松梅竹桃荷杏"
MAIN = "山河水泉湖塘桥店坡岭沟寨堡营庄集湾滩坪冲洼口关台岗"
KIND = ["镇", "乡", "街道办事处", "县", "区", "市"]
EXTRA = [
    "全年通过政府网站公开信息{}条，其中政策文件{}件，图文解读{}篇。",
    "政务新媒体共推送信息{}条，微信公众号粉丝{}余人。",
    "全年举办政务公开培训{}次，参训{}人次，开展督查{}次，通报问题{}个。",
    "共收到政府信息公开申请{}件，均已按期答复，同比增长{}%。",
    "在便民服务中心设置查阅点{}处，发放宣传单、明白卡近{}份，利用大喇叭广播{}次。",
    "办理人大代表建议{}件、政协提案{}件，办结率100%。",
    "本年度未发生因政府信息公开引起的行政复议和行政诉讼。",
    "拨打12345热线的群众诉求{}件全部办结，满意率{}%。",
]
COLS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
OUT = [
    ("（一）予以公开", [""]),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", [""]),
    (
        "（三）不予公开",
        [
            "1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
        ],
    ),
    (
        "（四）无法提供",
        ["1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"],
    ),
    (
        "（五）不予处理",
        [
            "1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
        ],
    ),
    (
        "（六）其他处理",
        [
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ],
    ),
]


def fold(s):
    return "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in s)


class Seed:
    def __init__(self, path):
        self.name = os.path.basename(path)
        raw = open(path, "rb").read()
        try:
            self.text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.text = raw.decode("gb18030")
        self.text = self.text.replace("\r\n", "\n")
        years = re.findall(r"20[12]\d(?=\s*年)", self.text)
        self.year = int(max(set(years), key=years.count)) if years else 2020
        f = fold(self.text)
        names = re.findall(
            r"(?<![一-鿿])[一-鿿]{2,5}?(?:市|县|区)(?=[一-鿿]{2,5}(?:镇|乡|街道))|[一-鿿]{2,5}?[镇乡](?=人民政府|20\d\d|\s20\d\d|政府)",
            f,
        )
        self.names = sorted(
            {n for n in names if not n.startswith(("全", "我", "各"))}, key=len, reverse=True
        )[:4]
        self.lines, sec = [], "0"  # (section, line, is narrative)
        for line in self.text.split("\n"):
            m = SECTION.match(fold(line))
            if m:
                sec = m.group(1)
            narr = (
                not m
                and bool(NARR.search(line))
                and not re.search(r"\d[\t ]+\d|勾稽|信息内容", line)
                and not (sec in "234" and len(line) < 60 and "。" not in line)
            )
            self.lines.append((sec, line, narr))
        self.pool = {}
        for sec, line, narr in self.lines:
            if narr and "。" in line:
                for s in re.split(r"(?<=。)", line.strip()):
                    if (
                        12 < len(s) < 120
                        and not re.match(rf"\s*(?:[（(]?[{CN}]|\d|针对|改进)", s)
                        and s.endswith("。")
                    ):
                        self.pool.setdefault(sec, []).append(s)


def count(r):
    return int(10 ** r.triangular(0, 3.6, 0.9))


def matrix(r):
    """Rows of seven numbers that balance: received, carried, outcome rows, total, carried forward."""
    n = sum(len(x[1]) for x in OUT)
    rec, car, fwd, outs = [0] * 6, [0] * 6, [0] * 6, [[0] * 6 for _ in range(n)]
    if r.random() < 0.45:
        for c in range(6):
            if r.random() < (0.9, 0.4, 0.05, 0.1, 0.15, 0.1)[c]:
                rec[c], car[c] = int(r.expovariate(1 / 12)), r.choice([0, 0, 0, 1, 2])
                left = rec[c] + car[c]
                fwd[c] = min(left, r.choice([0, 0, 1, 2]))
                for _ in range(left - fwd[c]):
                    outs[min(int(r.expovariate(0.35)), n - 1)][c] += 1
    tot = [sum(o[c] for o in outs) for c in range(6)]
    return [[*row, sum(row)] for row in (rec, car, *outs, tot, fwd)]


def labels():
    """Row labels in the order of matrix()."""
    flat = [s or g for g, subs in OUT for s in subs]
    return [
        "本年新收政府信息公开申请数量",
        "上年结转政府信息公开申请数量",
        *flat,
        "（七）总计",
        "结转下年度继续办理",
    ]


def refill(text, rows):
    """Put the numbers of rows after their labels, whatever separates the cells."""
    f = fold(text).replace("（", "(").replace("）", ")")
    edits, names = [], labels()
    start = max(f.find(names[0]), 0)
    if "逾期不补正" not in f:  # form of 2019: one row （六）其他处理
        names[-5:-2] = ["（六）其他处理"]
        rows = [*rows[:-5], [sum(c) for c in zip(*rows[-5:-2])], *rows[-2:]]
    for lab, row in zip(names, rows):
        core = re.sub(r"^（[一二]）", "", lab).split("（区")[0].replace("（", "(").replace("）", ")")
        m = re.compile(
            re.escape(core).replace("\\)", "\\)\\s*") + r"[^\d\n]{0,60}((?:\s*\d+(?:\.\d+)?(?=\s|$)){3,7})"
        ).search(f, start)
        if not m:
            continue
        it = iter(row)
        for t in re.finditer(r"\d+(?:\.\d+)?", f[m.start(1) : m.end(1)]):
            edits.append((m.start(1) + t.start(), m.start(1) + t.end(), str(next(it))))
    for a, b, s in sorted(edits, reverse=True):
        text = text[:a] + s + text[b:]
    return text


def vary_line(r, line, sec, pools, grow):
    parts = re.split(r"(?=[一二三四五六七⼀⼆]是)", line)
    if len(parts) > 3:  # 一是…二是…: reorder the items, keep the markers
        head, items = parts[0], parts[1:]
        bodies = [p[2:].rstrip() for p in items]
        bodies[-1]
        r.shuffle(bodies)
        if r.random() < 0.25 and len(bodies) > 2:
            bodies.pop()
        end = "；" if "；" in items[0] else "。"
        bodies = [b.rstrip("。；") + end for b in bodies]
        bodies[-1] = bodies[-1].rstrip("；。") + "。"
        line = head + "".join(CN[i] + "是" + b for i, b in enumerate(bodies))
    elif "。" in line:
        ss = [s for s in re.split(r"(?<=。)", line) if s.strip()]
        keep = ss[:1] + [s for s in ss[1:] if r.random() > 0.2]
        tail = keep[1:]
        r.shuffle(tail)
        other = [s for p in pools for s in p.get(sec, ())]
        for _ in range(int(r.random() * grow)):
            tail.append(
                r.choice(other)
                if other and r.random() < 0.6
                else re.sub(r"\{\}", lambda m: str(count(r)), r.choice(EXTRA))
            )
        line = "".join(keep[:1] + tail)
    line = COUNT.sub(lambda m: str(count(r)) if "." not in m.group() else "%.3f" % (r.random() * 90), line)
    for a, b in SWAP:
        if r.random() < 0.35:
            line = line.replace(a, b)
    return line


def make(r, seed, seeds):
    pools = [s.pool for s in seeds]
    grow = r.choice([0, 0, 0.8, 1.2, 1.6, 2.5, 5])
    town = r.choice(SURN) + r.choice(MAIN) + r.choice(KIND[:3] * 3 + KIND)
    city = r.choice(SURN) + r.choice(MAIN) + "市"
    year = r.randint(2019, 2024)
    out, _sec_lines = [], {}
    for sec, line, narr in seed.lines:
        if narr:
            line = vary_line(r, line, sec, pools, grow)
        out.append((sec, line, narr))
    text = "\n".join(x[1] for x in out)
    text = refill(text, matrix(r))
    subs = {n: (city if n[-1] in "市县区" else town) for n in seed.names}
    for a in sorted(subs, key=len, reverse=True):
        text = text.replace(a, subs[a])
    text = re.sub(r"20[12]\d(?=\s*年)", lambda m: str(int(m.group()) - seed.year + year), text)
    narrative = []
    for sec, line, narr in out:
        if narr:
            for a in sorted(subs, key=len, reverse=True):
                line = line.replace(a, subs[a])
            narrative.append((sec, fold(line).strip()))
    return text, narrative, town, year


# ---- the statutory tables as rows of (text, colspan, rowspan), for html, docx and pdf
def tables(r, year):
    new = year >= 2021

    def n():
        return str(count(r) if r.random() < 0.3 else 0)

    t1 = [[("第二十条第（一）项", 4, 1)]]
    t1.append(
        [("信息内容", 1, 1)]
        + [
            (c, 1, 1)
            for c in (
                ("本年制发件数", "本年废止件数", "现行有效件数")
                if new
                else ("本年新制作数量", "本年新公开数量", "对外公开总数量")
            )
        ]
    )
    for x in ("规章", "行政规范性文件" if new else "规范性文件"):
        t1.append([(x, 1, 1)] + [(n(), 1, 1) for _ in range(3)])
    for item, rows in (
        ("五", ["行政许可"] + ([] if new else ["其他对外管理服务事项"])),
        ("六", ["行政处罚", "行政强制"]),
        ("八", ["行政事业性收费"]),
    ):
        t1.append([(f"第二十条第（{item}）项", 4, 1)])
        heads = (
            [("本年收费金额（单位：万元）" if item == "八" else "本年处理决定数量", 3, 1)]
            if new
            else [
                ("上一年项目数量", 1, 1),
                ("本年增/减", 1, 1),
                ("处理决定数量" if item != "八" else "", 1, 1),
            ]
        )
        t1.append([("信息内容", 1, 1), *heads])
        for x in rows:
            t1.append([(x, 1, 1)] + [(n(), h[1], 1) for h in heads])
    m = iter(matrix(r))

    def num():
        return [(str(v), 1, 1) for v in next(m)]

    nout = sum(len(x[1]) for x in OUT)
    t2 = [
        [
            ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            ("申请人情况", 7, 1),
        ],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(c, 1, 1) for c in COLS[1:6]],
        [("一、本年新收政府信息公开申请数量", 3, 1), *num()],
        [("二、上年结转政府信息公开申请数量", 3, 1), *num()],
    ]
    first = [("三、本年度办理结果", 1, nout + 1)]
    for g, subs in OUT:
        for i, s in enumerate(subs):
            lead = first + ([(g, 2, 1)] if not s else [(g, 1, len(subs))] if i == 0 else [])
            first = []
            t2.append(lead + ([(s, 1, 1)] if s else []) + num())
    t2 += [[("（七）总计", 2, 1), *num()], [("四、结转下年度继续办理", 3, 1), *num()]]
    five = [(x, 1, 1) for x in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    t3 = [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [(x[0], 1, 2) for x in five] + [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        five * 2,
    ]
    row = []
    for _ in range(3):
        v = [r.choice([0, 0, 0, 0, 1, 2]) for _ in range(4)]
        row += [*v, sum(v)]
    t3.append([(str(x), 1, 1) for x in row])
    return {"2": t1, "3": t2, "4": t3}


HEADS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def blocks(narrative, tabs, town, year):
    yield "h", "%s%d年政府信息公开工作年度报告" % (town, year)
    for line in (x[1] for x in narrative if x[0] == "0"):
        yield "p", line
    for h in HEADS:
        yield "h", h
        sec = h[0]
        for line in (x[1] for x in narrative if x[0] == sec):
            yield "p", line
        k = str(CN.index(sec) + 1)
        if k in tabs:
            yield "t", tabs[k]


def to_html(bl):
    o = [
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>年报</title><style>td{border:1px solid}</style>',
        '<script>var a=1;</script></head><body><div class="nav">'
        + "".join('<a href="/c%d">栏目%d</a>' % (i, i) for i in range(40)),
        '</div><div class="TRS_Editor">',
    ]
    for k, v in bl:
        if k == "t":
            o.append(
                '<table border="1" style="border-collapse:collapse"><tbody>'
                + "".join(
                    "<tr>"
                    + "".join(
                        '<td colspan="%d" rowspan="%d" style="padding:0 7px;border:1px solid #000"><p style="text-align:center"><span style="font-family:宋体;font-size:14px">%s</span></p></td>'
                        % (c[1], c[2], html.escape(c[0]))
                        for c in row
                    )
                    + "</tr>"
                    for row in v
                )
                + "</tbody></table>"
            )
        else:
            o.append(
                f'<p style="text-indent:2em;line-height:28px"><span style="font-family:仿宋;font-size:16px">{html.escape(v)}</span></p>'
            )
    return "\n".join(o) + "</div></body></html>"


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def to_docx(bl):
    rpr = '<w:rPr><w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hAnsi="仿宋"/><w:sz w:val="32"/></w:rPr>'

    def p(s):
        return f'<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLine="640"/></w:pPr><w:r>{rpr}<w:t xml:space="preserve">{html.escape(s, False)}</w:t></w:r></w:p>'

    o = []
    for k, v in bl:
        if k != "t":
            o.append(p(v))
            continue
        ncol = max(sum(c[1] for c in row) for row in v)
        o.append(
            '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>'
            + '<w:gridCol w:w="900"/>' * ncol
            + "</w:tblGrid>"
        )
        down = [None] * ncol  # running vertical merges: (rows left, span)
        for row in v:
            o.append("<w:tr>")
            it, col = iter(row), 0
            while col < ncol:
                if down[col]:
                    left, span = down[col]
                    o.append('<w:tc><w:tcPr><w:gridSpan w:val="%d"/><w:vMerge/></w:tcPr><w:p/></w:tc>' % span)
                    down[col] = (left - 1, span) if left > 1 else None
                    col += span
                    continue
                c = next(it, None)
                if c is None:
                    break
                o.append(
                    '<w:tc><w:tcPr><w:gridSpan w:val="%d"/>%s</w:tcPr>%s</w:tc>'
                    % (c[1], '<w:vMerge w:val="restart"/>' if c[2] > 1 else "", p(c[0]))
                )
                if c[2] > 1:
                    down[col] = (c[2] - 1, c[1])
                col += c[1]
            o.append("</w:tr>")
        o.append("</w:tbl>")
    doc = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{}"><w:body>{}<w:sectPr/></w:body></w:document>'.format(
        W, "".join(o)
    )
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:

        def put(n, s):
            return z.writestr(zipfile.ZipInfo(n, (2024, 1, 1, 0, 0, 0)), s, zipfile.ZIP_DEFLATED)

        put(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        put(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        put("word/document.xml", doc)
    return b.getvalue()


def to_pdf(bl):
    """A4 pages, Adobe-GB1 font not embedded, ruled table cells as line segments."""
    pages, ops, y = [], [], [800.0]

    def hx(s):
        return "<" + s.encode("utf-16-be").hex() + ">"

    def text(x, yy, s, size):
        ops.append(f"BT /F1 {size:g} Tf {x:.1f} {yy:.1f} Td {hx(s)} Tj ET")

    def need(h):
        if y[0] - h < 50:
            pages.append("\n".join(ops))
            ops.clear()
            y[0] = 800.0

    for k, v in bl:
        if k != "t":
            s = "　　" + v if k == "p" else v
            for i in range(0, len(s), 34):
                need(20)
                text(60, y[0], s[i : i + 34], 14)
                y[0] -= 20
            continue
        ncol = max(sum(c[1] for c in row) for row in v)
        cw, size, lh = 480 / ncol, 7, 9
        busy = [0] * ncol
        max(1, int(cw // size))
        hs = []
        for row in v:
            hs.append(
                max(
                    [lh * max(1, -(-len(c[0]) // max(1, int(cw * c[1] // size)))) for c in row if c[2] == 1]
                    or [lh]
                )
                + 6
            )
        for ri, row in enumerate(v):
            need(hs[ri])
            it, col = iter(row), 0
            while col < ncol:
                if busy[col]:
                    busy[col] -= 1
                    col += 1
                    continue
                c = next(it, None)
                if c is None:
                    break
                h = sum(hs[ri : ri + c[2]])
                h = min(h, y[0] - 40)
                x0, y0, w = 60 + col * cw, y[0], cw * c[1]
                for a, b, d, e in (
                    (x0, y0, x0 + w, y0),
                    (x0, y0 - h, x0 + w, y0 - h),
                    (x0, y0, x0, y0 - h),
                    (x0 + w, y0, x0 + w, y0 - h),
                ):
                    ops.append(f"{a:.1f} {b:.1f} m {d:.1f} {e:.1f} l S")
                n = max(1, int(w // size))
                for j in range(0, len(c[0]), n):
                    text(x0 + 2, y0 - lh - j // n * lh, c[0][j : j + n], size)
                for cc in range(col, col + c[1]):
                    busy[cc] = c[2] - 1
                col += c[1]
            y[0] -= hs[ri]
        y[0] -= 15
    pages.append("\n".join(ops))
    np_ = len(pages)
    objs = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count %d/Kids[%s]>>" % (np_, " ".join("%d 0 R" % (6 + 2 * i) for i in range(np_))),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 5 0 R/DW 1000>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    out, offs = bytearray(b"%PDF-1.4\n"), []

    def add(body):
        offs.append(len(out))
        out.extend(b"%d 0 obj\n" % len(offs) + body + b"\nendobj\n")

    for o in objs:
        add(o.encode())
    for i, pg in enumerate(pages):
        add(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (7 + 2 * i)
        )
        z = zlib.compress(pg.encode(), 6)
        add(b"<</Length %d/Filter/FlateDecode>>stream\n" % len(z) + z + b"\nendstream")
    x = len(out)
    out.extend(
        b"xref\n0 %d\n0000000000 65535 f \n" % (len(offs) + 1)
        + b"".join(b"%010d 00000 n \n" % o for o in offs)
    )
    out.extend(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(offs) + 1, x))
    return bytes(out)


def find_seeds():
    """The folder of real reports beside the project, or where it is absent that of the tests' reports."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    real = os.path.join(os.path.dirname(root), "shared", "reports")
    return real if os.path.isdir(real) else os.path.join(root, "tests", "reports")


def load_seeds(folder, headings):
    """Every text of the folder in an encoding that is read here, with at least so many of the form's headings."""
    seeds = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".txt"):
            continue
        try:
            seed = Seed(os.path.join(folder, name))
        except UnicodeDecodeError:
            continue
        if sum(bool(SECTION.match(line)) for line in seed.text.split("\n")) >= headings:
            seeds.append(seed)
    return seeds


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument(
        "--seeds",
        help="folder of text reports to vary (default: real ones beside the project, else its tests')",
    )
    ap.add_argument("--n", type=int, default=2000)
    ap.add_argument("--out", required=True)
    ap.add_argument("--formats", default="txt", help="of txt,html,docx,pdf: every report is written in each")
    ap.add_argument("--in-turn", action="store_true", help="every report in one of the formats, in turn")
    ap.add_argument(
        "--mix-encodings",
        action="store_true",
        help="txt: one in five gb18030, one in ten utf-8 with a BOM, one in fifty utf-16",
    )
    ap.add_argument("--seed", type=int, default=0)
    a = ap.parse_args()
    seeds = load_seeds(a.seeds or find_seeds(), 0 if a.seeds else 3)
    fm = a.formats.split(",")
    for f in fm:
        os.makedirs(os.path.join(a.out, f), exist_ok=True)
    total = 0
    for i in range(a.n):
        r = random.Random("%d:%d" % (a.seed, i))
        s = seeds[i % len(seeds)]
        text, narrative, town, year = make(r, s, seeds)
        bl = list(blocks(narrative, tables(r, year), town, year)) if set(fm) - {"txt"} else None
        name = "%06d" % i
        enc = "utf-8"
        if a.mix_encodings:
            u = r.random()
            enc = "gb18030" if u < 0.2 else "utf-8-sig" if u < 0.3 else "utf-16" if u < 0.32 else "utf-8"
        for f in [fm[i % len(fm)]] if a.in_turn else fm:
            data = (
                text.encode(enc)
                if f == "txt"
                else to_html(bl).encode()
                if f == "html"
                else to_docx(bl)
                if f == "docx"
                else to_pdf(bl)
            )
            total += len(data)
            with open(os.path.join(a.out, f, name + "." + f), "wb") as fh:
                fh.write(data)
    print(
        json.dumps(
            {"reports": a.n, "formats": fm, "bytes": total, "seeds": [s.name for s in seeds]},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
