"""Writes the workbooks of this folder. README.md describes them.

Needs openpyxl, XlsxWriter, xlwt, msoffcrypto-tool, Pillow and the program soffice.
"""

import datetime
import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

from msoffcrypto.format.ooxml import OOXMLFile
import openpyxl
import xlsxwriter
import xlwt
from openpyxl.drawing.image import Image
from openpyxl.styles import numbers
from PIL import Image as Picture

TIME = datetime.datetime(2026, 1, 1)


def rezip(path, change=lambda name, data: data, extra=()):
    """Writes a package again with fixed times, after changing its parts."""
    with zipfile.ZipFile(path) as package:
        parts = [(i.filename, package.read(i)) for i in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in [*parts, *extra]:
            data = change(name, data)
            if data is not None:
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                stored = name == "mimetype"
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                package.writestr(info, data)


def picture():
    data = io.BytesIO()
    Picture.new("RGB", (4, 4), (120, 80, 40)).save(data, "PNG")
    data.seek(0)
    return data


def excel():
    """A workbook as Excel writes it: texts in a table of texts, results of formulas."""
    book = xlsxwriter.Workbook("excel.xlsx")
    book.set_properties({"created": TIME})
    sheet = book.add_worksheet("الوثائق")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    month = book.add_format({"num_format": "mmm-yy"})
    padded = book.add_format({"num_format": "000"})
    rounded = book.add_format({"num_format": "0.00"})
    bold = book.add_format({"bold": True})
    sheet.write("A1", "سجل الصحف")
    heads = ["id", "title@ar", "title@fr", "date", "number", "latitude", "longitude", "file", "rights", "relation"]
    sheet.write_row("A3", heads)
    sheet.write_row("A4", ["muq-1", "المقتبس", "La Revue"])
    sheet.write_datetime("D4", datetime.datetime(1906, 2, 25), day)
    sheet.write_number("E4", 7, padded)
    sheet.write_number("F4", 33.5138, rounded)
    sheet.write_number("G4", 36.2765, rounded)
    sheet.write_url("H4", "external:pages/1.tif", string="page 1")
    sheet.write_url("I4", "http://rightsstatements.org/vocab/InC/1.0/", string="In Copyright")
    sheet.write_url("J4", "https://example.org/muq", string="Catalogue")
    sheet.write("A5", "muq-2")
    sheet.write_rich_string("B5", "المقتبس ", bold, "الثاني")
    sheet.write_datetime("D5", datetime.datetime(1906, 3, 1), month)
    sheet.write_formula("E5", '="MS "&12', None, "MS 12")
    sheet.write("H5", "pages/1.tif|pages/2.tif")
    sheet.write("A7", "muq-3")
    sheet.write("C7", "Numéro 3 & supplément <1>\nédition")
    sheet.write_number("D7", 1907)
    sheet.write_boolean("E7", True)
    notes = book.add_worksheet("Notes")
    notes.write_row("A1", ["Scanned by", "On"])
    book.close()
    rezip("excel.xlsx")


def faults():
    """A workbook with the mistakes that people and programs make."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Items"
    sheet.append(["id", "title", "date", "subject", "relation", None, "note"])
    sheet.append(["a-1", "One", None, "maps", None, "lost"])
    sheet.append(["a-2", "Two", 1906, None])
    sheet.append(["a-3", "Three", "1907", "=A2&\"x\""])
    sheet.append(["a-4", "Four", "1908", "#REF!"])
    sheet.append(["a-5", "Five", "1909", "coins"])
    sheet.append([datetime.date(2026, 4, 3), "Six", "1910", "coins"])
    sheet["C3"].number_format = "yyyy-mm-dd"
    sheet["D5"].data_type = "e"
    sheet["B6"].hyperlink = "https://example.org/five"
    sheet["G2"] = "private"
    sheet.merge_cells("D2:D3")
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet.add_image(Image(picture()), "H4")
    book.save("faults.xlsx")

    def change(name, data):
        if name == "xl/worksheets/sheet1.xml":
            # A result that was computed from another workbook.
            cell = b'<c r="E6" t="str"><f>[1]Sheet1!A1</f><v>from elsewhere</v></c>'
            data, count = re.subn(rb'<c r="E6"[^>]*?(/>|></c>)', cell, data)
            if not count:
                data = data.replace(b'<c r="D6"', cell + b'<c r="D6"', 1)
        return data

    rezip("faults.xlsx", change)


def plain():
    """A workbook of openpyxl in the system of dates of 1904."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "Items"
    sheet.append(["id", "title", "date"])
    sheet.append(["a-1", "One", datetime.date(1906, 2, 25)])
    sheet["C2"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    book.save("system-1904.xlsx")
    rezip("system-1904.xlsx")


def several():
    book = openpyxl.Workbook()
    for name in ["Letters", "Maps 2", "Notes"]:
        sheet = book.create_sheet(name)
        sheet.append(["Remarks"] if name == "Notes" else ["id", "title"])
        sheet.append([name.lower()[:4] + "-1", "One of " + name])
    hidden = book.create_sheet("Old")
    hidden.append(["id", "title"])
    hidden.append(["old-1", "Old"])
    hidden.sheet_state = "hidden"
    examples = book.create_sheet("Examples")
    examples.append(["id", "title"])
    del book["Sheet"]
    book.save("several-sheets.xlsx")
    rezip("several-sheets.xlsx")
    del book["Maps 2"], book["Letters"]
    book.save("no-sheet.xlsx")
    rezip("no-sheet.xlsx")


def libreoffice():
    """Workbooks that LibreOffice converted from a workbook of XlsxWriter."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "libreoffice.xlsx")
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Items")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        month = book.add_format({"num_format": "mmm yyyy"})
        padded = book.add_format({"num_format": "000"})
        bold = book.add_format({"bold": True})
        sheet.write_row("A1", ["id", "title", "date", "number", "latitude", "longitude", "file", "relation", "subject"])
        sheet.write("A2", "a-1")
        sheet.write_rich_string("B2", "Al-", bold, "Muqtabas", " in Damascus")
        sheet.write_datetime("C2", datetime.datetime(1906, 2, 25), day)
        sheet.write_number("D2", 7, padded)
        sheet.write_number("E2", 33.5138, book.add_format({"num_format": "0.0"}))
        sheet.write_number("F2", 36.2765, book.add_format({"num_format": "0.0"}))
        sheet.write_url("G2", "external:pages/1.tif", string="page 1")
        sheet.write_url("H2", "https://example.org/muq", string="Catalogue")
        sheet.write_formula("I2", '="press"', None, "press")
        sheet.write("A3", "a-2")
        sheet.write("B3", "Two\nlines & <more>")
        sheet.write_datetime("C3", datetime.datetime(1906, 3, 1), month)
        sheet.write_comment("B3", "A remark that is not part of the title")
        sheet.write("A4", "a-3")
        sheet.write("B4", "Three")
        sheet.write_number("C4", 1906, day)
        sheet.merge_range("I4:I5", "coins")
        sheet.write_formula("D4", "=1/0")
        sheet.write("A5", "a-4")
        sheet.write("B5", "Four")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.insert_image("B7", "x.png", {"image_data": picture()})
        sheet.write("A7", "a-5")
        sheet.set_column("F:F", None, None, {"hidden": True})
        other = book.add_worksheet("Hidden")
        other.write_row("A1", ["id", "title"])
        other.hide()
        book.close()
        # Without stored results, LibreOffice computes the formulas.
        rezip(path, lambda _, data: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data))
        # All are in the same folder, so that the relative links stay as they are.
        for kind, source in [("ods", "xlsx"), ("xls", "xlsx"), ("xlsx", "ods")]:
            source = os.path.join(folder, f"libreoffice.{source}")
            if kind == "xlsx":
                os.remove(path)
            command = ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, source]
            subprocess.run(command, check=True)
        for kind in ["ods", "xls", "xlsx"]:
            shutil.copy(os.path.join(folder, f"libreoffice.{kind}"), f"libreoffice.{kind}")

    def drop(name, data):
        return None if name.startswith(("Thumbnails/", "Configurations2/")) else data

    rezip("libreoffice.ods", drop)
    rezip("libreoffice.xlsx")


def old():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Items")
    for row, cells in enumerate([["id", "title", "date"], ["a-1", "العنوان", 1906]]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.save("xlwt.xls")
    sheet.write(65535, 255, "far away")
    book.save("far-cell.xls")


def broken():
    with open("system-1904.xlsx", "rb") as data:
        file = OOXMLFile(data)
        with open("password.xlsx", "wb") as out:
            file.encrypt("secret", out)
    data = open("system-1904.xlsx", "rb").read()
    open("cut.xlsx", "wb").write(data[: len(data) * 2 // 3])
    shutil.copy("system-1904.xlsx", "malformed.xlsx")

    def cut(name, data):
        return data.replace(b"</row>", b"", 1) if name == "xl/worksheets/sheet1.xml" else data

    rezip("malformed.xlsx", cut)
    shutil.copy("libreoffice.ods", "password.ods")

    def encrypt(name, data):
        if name == "META-INF/manifest.xml":
            tag = b'<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
            return re.sub(rb'(manifest:full-path="content.xml"[^>]*)/>', rb"\1>" + tag, data)
        return b"\x00" * 64 if name == "content.xml" else data

    rezip("password.ods", encrypt)


excel()
faults()
plain()
several()
libreoffice()
old()
broken()
