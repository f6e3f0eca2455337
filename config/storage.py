import re
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: A comment that has its lines to itself: `/** … */` and `// …`, with the break after it.
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)


def without_comments(script: str) -> str:
    """The script without the comments that have lines to themselves: readers' browsers need none."""
    return _COMMENT.sub("", script)


class HashedModuleStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, with the imports inside ES modules renamed too.

    Our own modules lose their comments on the way: on a slow line they cost as much as the code does.
    """

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: "File[Any]") -> Any:
        if name.endswith(".js") and not name.startswith("admin/"):
            content.seek(0)
            content = ContentFile(without_comments(content.read().decode()).encode())
        return super()._save(name, content)
