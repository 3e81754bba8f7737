"""Files that staff send along with an act (附件): several in one field, read whole, checked and sealed by the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from cases.services.drafts import ACCEPT, MAX_ALL_BYTES, MAX_FILE_MB, MAX_FILES


class ManyFilesInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """All files chosen, in their order."""
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class FilesField(forms.Field):
    """附件（选填）: as name and content of each file. What is inside the files is judged by the service."""

    widget = ManyFilesInput(attrs={"multiple": True, "accept": ACCEPT})

    def __init__(self, **more: Any) -> None:
        hint = f"照片或 PDF，最多 {MAX_FILES} 个，每个不超过 {MAX_FILE_MB} MB"
        super().__init__(**{"label": "附件", "required": False, "help_text": hint, **more})

    def clean(self, value: Any) -> tuple[tuple[str, bytes], ...]:
        """Refuse too many and too much before anything is read into memory."""
        chosen = value or []
        if len(chosen) > MAX_FILES:
            raise forms.ValidationError(f"最多 {MAX_FILES} 个文件，请少选几个。")
        for file in chosen:
            if file.size > MAX_FILE_MB * 1024 * 1024:
                raise forms.ValidationError(f"{file.name}：太大，每个文件不超过 {MAX_FILE_MB} MB。")
        if sum(file.size for file in chosen) > MAX_ALL_BYTES:
            raise forms.ValidationError(f"文件加起来不能超过 {MAX_ALL_BYTES // 1024 // 1024} MB。")
        return tuple((file.name, file.read()) for file in chosen)
