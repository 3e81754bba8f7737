import resource
import stat
import zlib
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cases.vault import files, images, keys, pdf_child, pdfs
from cases.vault.errors import TamperedError
from cases.vault.files import FileRefusedError

KEY, _ = keys.new_case_key()
DAY = date(2026, 10, 22)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path / "files"


def picture(kind="JPEG", size=(60, 40), mode="RGB", colour="red", **save):
    target = BytesIO()
    Image.new(mode, size, colour).save(target, kind, **save)
    return target.getvalue()


def pdf(pages=1, change=lambda document: None, **save):
    target = BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        change(document)
        document.save(target, **save)
    return target.getvalue()


def stored(name, data):
    kept = files.store_file(name, data, KEY, day=DAY)
    return kept, files.open_file(kept, KEY)


def refusal(name, data):
    with pytest.raises(FileRefusedError) as caught:
        files.store_file(name, data, KEY, day=DAY)
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("执照.png", "PNG"), ("a.webp", "WEBP")]
)
def test_a_picture_is_kept_as_a_fresh_jpeg(name, kind):
    kept, content = stored(name, picture(kind))
    assert content.startswith(b"\xff\xd8\xff")
    assert (kept.mime, kept.size, kept.name[-4:]) == ("image/jpeg", len(content), ".jpg")
    assert kept.path == f"26/10/{kept.uid.hex}"


def test_on_disk_there_is_only_cipher_text_that_this_user_alone_may_read(settings):
    kept, content = stored("a.pdf", pdf())
    place = settings.PRIVATE_FILES / kept.path
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in place.parents[:3]} == {0o700}
    assert content.startswith(b"%PDF-")
    assert b"PDF" not in place.read_bytes()[:20]
    assert [p.name for p in place.parent.iterdir()] == [kept.uid.hex]


def test_a_stored_file_opens_only_with_its_key_in_its_place(settings):
    (first, _), (second, _) = stored("a.png", picture("PNG")), stored("b.png", picture("PNG", colour="blue"))
    with pytest.raises(TamperedError):
        files.open_file(first, keys.new_case_key()[0])
    place = settings.PRIVATE_FILES
    (place / first.path).write_bytes((place / second.path).read_bytes())
    with pytest.raises(TamperedError):
        files.open_file(first, KEY)


def test_removing_is_repeatable_and_a_missing_file_has_its_own_error():
    kept, _ = stored("a.jpg", picture())
    files.remove([kept.path, kept.path])
    with pytest.raises(files.MissingFileError):
        files.open_file(kept, KEY)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "26/10/../../x", "26/10/" + "g" * 32, ""]
)
def test_no_path_leads_out_of_private_storage(path):
    with pytest.raises(ValueError, match="not a path"):
        files.remove([path])


def test_metadata_and_place_of_taking_are_gone():
    exif = Image.Exif()
    exif[0x010E] = "secret"
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("comment", "secret")
    for name, data in (
        ("a.jpg", picture(exif=exif, comment=b"secret")),
        ("a.png", picture("PNG", pnginfo=notes)),
    ):
        _, content = stored(name, data)
        assert b"secret" not in content
        with Image.open(BytesIO(content)) as clean:
            assert not clean.getexif()
            assert not {"exif", "comment", "icc_profile", "xmp"} & set(clean.info)


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    _, content = stored("a.jpg", picture(size=(60, 40), exif=exif))
    with Image.open(BytesIO(content)) as clean:
        assert clean.size == (40, 60)


def test_a_large_picture_is_scaled_down():
    _, content = stored("a.jpg", picture(size=(6000, 3000)))
    with Image.open(BytesIO(content)) as clean:
        assert clean.size == (images.MAX_SIDE, images.MAX_SIDE // 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode):
    _, content = stored(
        "a.png", picture("PNG", mode=mode, colour=0 if mode != "LA" else (0, 255), size=(3000, 10))
    )
    with Image.open(BytesIO(content)) as clean:
        assert clean.mode == "RGB"


def test_what_was_transparent_becomes_white_and_deep_grey_stays_grey():
    for data, colour in (
        (picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)), 255),
        (picture("PNG", mode="I;16", colour=128 * 256), 128),
        (picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0)), 255),
    ):
        _, content = stored("a.png" if data[:1] == b"\x89" else "a.jpg", data)
        with Image.open(BytesIO(content)) as clean:
            assert all(abs(part - colour) < 4 for part in clean.getpixel((5, 5)))


def bomb(width, height):
    """A PNG of a few bytes whose header promises width × height pixels."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    packed = (len(d).to_bytes(4, "big") + k + d + zlib.crc32(k + d).to_bytes(4, "big") for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize("size", [(65_000, 65_000), (7000, 7000), (6500, 6500)])
def test_a_picture_that_unpacks_to_too_much_is_refused(size):
    assert refusal("a.png", bomb(*size)) == "图片尺寸太大，请缩小后再上传。"


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.jpg", b"", "文件是空的"),
        ("a.exe", b"MZ", "不能上传"),
        ("a", picture(), "不能上传"),
        ("a.svg", SVG, "不能上传"),
        ("a.docx", b"PK\3\4", "不能上传"),
        ("a.gif", picture("GIF"), "不能上传"),
        ("a.heic", b"\0\0\0\x18ftypheic", "HEIC"),
        ("a.jpg", HTML, "不一致"),
        ("a.png", picture("JPEG"), "不一致"),
        ("a.jpg", picture("GIF") + b"/*" + HTML, "不一致"),
        ("a.pdf", HTML, "不一致"),
        ("a.pdf", EICAR, "不一致"),
        ("a.jpg", picture(size=(500, 500))[:400], "打不开"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * 100, "打不开"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100, "打不开"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "打不开"),
        ("a.pdf", b"%PDF-1.7\n" + b"x" * 100, "打不开"),
        ("a.jpg", picture() + b"x" * files.MAX_BYTES, "太大"),
    ],
)
def test_each_refusal_says_why_in_chinese(settings, name, data, message):
    assert message in refusal(name, data)
    assert not settings.PRIVATE_FILES.exists()


def test_a_second_format_hidden_in_a_picture_does_not_survive():
    _, content = stored("a.jpg", picture() + HTML + pdf())
    assert b"<script>" not in content
    assert b"%PDF" not in content


def test_uploads_are_read_no_further_than_the_limit():
    with pytest.raises(FileRefusedError, match="没有选择文件"):
        files.store_upload(None, KEY, day=DAY)

    class Endless:
        name, size = "a.jpg", None
        given = 0

        def chunks(self):
            while True:
                self.given += 1
                yield b"x" * 65536

    endless = Endless()
    with pytest.raises(FileRefusedError, match="10 MB"):
        files.store_upload(endless, KEY, day=DAY)
    assert endless.given == files.MAX_BYTES // 65536 + 1
    kept = files.store_upload(SimpleUploadedFile("照片.jpg", picture()), KEY, day=DAY)
    assert kept.name == "照片.jpg"


ACTION = {"/S": pikepdf.Name.JavaScript, "/JS": "app.alert(1)"}


def armed(document):
    page = document.pages[0]
    document.Root.OpenAction = pikepdf.Dictionary(ACTION)
    document.Root.AA = pikepdf.Dictionary({"/WC": pikepdf.Dictionary(ACTION)})
    document.Root.Names = pikepdf.Dictionary(
        {"/JavaScript": pikepdf.Dictionary({"/Names": ["x", pikepdf.Dictionary(ACTION)]})}
    )
    document.Root.AcroForm = pikepdf.Dictionary({"/XFA": document.make_stream(b"<xfa/>"), "/Fields": []})
    link = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Link, "/Rect": [0, 0, 9, 9]}
    launch = pikepdf.Dictionary({"/S": pikepdf.Name.Launch, "/F": "cmd.exe"})
    sound = {
        "/Type": pikepdf.Name.Annot,
        "/Subtype": pikepdf.Name.RichMedia,
        "/Rect": [0, 0, 9, 9],
        "/Secret": "x",
    }
    page.Annots = [
        pikepdf.Dictionary({**link, "/A": launch}),
        document.make_indirect(pikepdf.Dictionary(sound)),
    ]
    page.AA = pikepdf.Dictionary({"/O": document.make_indirect(pikepdf.Dictionary(ACTION))})
    document.attachments["a.exe"] = EICAR
    document.docinfo["/Author"] = "secret"


@pytest.mark.parametrize("modes", [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}])
def test_a_pdf_loses_whatever_acts(modes):
    _, content = stored("a.pdf", pdf(change=armed, **modes))
    with pikepdf.open(BytesIO(content)) as clean:
        everything = b"\n".join(item.unparse(resolved=True) for item in clean.objects)
        assert len(clean.pages) == 1
        assert not clean.attachments
    for word in (
        b"JavaScript",
        b"app.alert",
        b"OpenAction",
        b"/AA",
        b"Launch",
        b"cmd.exe",
        b"XFA",
        b"EmbeddedFile",
        b"secret",
    ):
        assert word not in everything, word
    assert EICAR not in content


def test_a_pdf_with_a_password_is_named_as_such():
    for locks in (pikepdf.Encryption(user="1234", owner="5678"), pikepdf.Encryption(user="", owner="5678")):
        assert "有密码" in refusal("a.pdf", pdf(encryption=locks))


def test_a_pdf_has_at_most_fifty_pages():
    _, content = stored("a.pdf", pdf(pages=50))
    with pikepdf.open(BytesIO(content)) as clean:
        assert len(clean.pages) == 50
    assert "超过 50 页" in refusal("a.pdf", pdf(pages=51))
    assert "打不开" in refusal("a.pdf", pdf(pages=0))


def object_stream_bomb(size):
    """A PDF whose object stream unpacks to `size` bytes."""
    head, gap = b"4 0 <<>> ", b" " * 10**7
    squeeze = zlib.compressobj(9)
    packed = squeeze.compress(head) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(gap) + squeeze.flush(zlib.Z_FULL_FLUSH)
    check = zlib.adler32(head)
    for _ in range(size // len(gap)):
        packed, check = packed + block, zlib.adler32(gap, check)
    packed += b"\x03\x00" + check.to_bytes(4, "big")  # an empty last block, then the checksum
    out = bytearray(b"%PDF-1.5\n")
    places = {}
    for number, body in (
        (1, b"<</Type/Catalog/Pages 2 0 R/X 4 0 R>>"),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
        (
            5,
            b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
            % (len(packed), packed),
        ),
    ):
        places[number] = len(out)
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    rows = [
        (0, 0, 65535),
        *((1, places[n], 0) for n in (1, 2, 3)),
        (2, 5, 0),
        (1, places[5], 0),
        (1, len(out), 0),
    ]
    table = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, at, last in rows
    )
    start = len(out)
    out += b"6 0 obj<</Type/XRef/Size 7/Root 1 0 R/W[1 4 2]/Length %d>>stream\n%s\nendstream endobj\n" % (
        len(table),
        table,
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def largest_child():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def test_a_pdf_that_unpacks_to_gigabytes_costs_one_child_process():
    _, content = stored("small.pdf", object_stream_bomb(10**7))
    assert content.startswith(b"%PDF-")
    with pikepdf.open(BytesIO(content)) as clean:
        assert list(clean.Root.X.keys()) == []
    before = largest_child()
    bomb_file = object_stream_bomb(12 * 10**8)
    assert len(bomb_file) < files.MAX_BYTES / 4
    _, content = stored("a.pdf", bomb_file)  # the child gives up on the object, not on the file
    with pikepdf.open(BytesIO(content)) as clean:
        assert "/X" not in clean.Root
    assert largest_child() <= max(before, pdf_child.MAX_MEMORY)


def test_a_pdf_whose_clean_form_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_child, "MAX_OUTPUT", 100)
    with pytest.raises(pdf_child.RefusedError):
        pdf_child.rewrite(pdf())


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_picture_is_refused_or_repaired_but_never_an_error(data):
    kind, name = data.draw(st.sampled_from([("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]))
    content = bytearray(picture(kind, size=(40, 40)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        files.store_file(name, bytes(content), KEY, day=DAY)
    except FileRefusedError:
        return


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../x.jpg", "x.jpg"),
        ("C:\\照片\\𠅤证.png", "𠅤证.jpg"),
        ("\u202egpj.exe.png", "gpj.exe.jpg"),
        ("a\r\nSet-Cookie.jpg", "aSet-Cookie.jpg"),
        ("…", "….jpg"),
        (".jpg", "附件.jpg"),
        ("长" * 300 + ".jpg", "长" * 100 + ".jpg"),
        ("证明.2026", "证明.2026.jpg"),
    ],
)
def test_a_shown_name_is_harmless(typed, shown):
    assert files.clean_file_name(typed, ".jpg") == shown


def test_a_full_disk_is_a_clean_refusal_and_leaves_nothing(settings, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert "没有保存成功" in refusal("a.jpg", picture())
    assert [path for path in settings.PRIVATE_FILES.rglob("*") if path.is_file()] == []


def test_a_pdf_that_hangs_the_parser_is_given_up(monkeypatch):
    monkeypatch.setattr(pdfs, "WAIT_SECONDS", 0.01)
    assert "打不开" in refusal("a.pdf", pdf())
