"""What can go wrong on the way up, said in Chinese to the person at the terminal."""

from __future__ import annotations

import errno
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}
GRAVE = ("FATAL:", "PANIC:", "ERROR:", "Fatal")
NO_SPACE = ("No space left on device", "Disk quota exceeded")


class EmbeddedError(Exception):
    """A sentence for the person at the terminal; nothing else is shown."""


def disk_full(folder: Path) -> EmbeddedError:
    """Return the sentence for a full disk under `folder`."""
    return EmbeddedError(f"磁盘已满,无法写入数据文件夹 {folder}。请清理磁盘,或用 DATA=其他文件夹 另选位置。")


def from_system(error: OSError, folder: Path) -> EmbeddedError:
    """Translate an error of the operating system met while working in `folder`."""
    if error.errno in FULL:
        return disk_full(folder)
    if isinstance(error, PermissionError):
        return EmbeddedError(
            f"没有权限读写 {error.filename or folder}。请换用有权限的用户,或另选数据文件夹。"
        )
    if error.errno == errno.EROFS:
        return EmbeddedError(f"数据文件夹 {folder} 所在的磁盘是只读的,请另选数据文件夹。")
    return EmbeddedError(f"操作系统报告错误:{error}")


def from_log(title: str, text: str, folder: Path, log: Path) -> EmbeddedError:
    """Translate what a service wrote before it ended; unknown words are shown as they are."""
    if any(words in text for words in NO_SPACE):
        return disk_full(folder)
    if "postmaster.pid" in text and "already exists" in text:
        return EmbeddedError(f"数据文件夹 {folder} 里的数据库正由另一个进程使用。")
    if "pre-existing shared memory block" in text:
        return EmbeddedError(f"数据文件夹 {folder} 的上一个数据库进程还没有结束,请稍后再试。")
    lines = [line for line in text.splitlines() if line.strip()]
    grave = [line for line in lines if any(word in line for word in GRAVE)]
    said = f"它最后写道:{(grave or lines)[-1].strip()}" if lines else "它没有留下任何信息。"
    return EmbeddedError(f"{title}没有启动成功。{said}(日志:{log})")
