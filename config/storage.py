from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModuleStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, with the imports inside ES modules renamed too."""

    support_js_module_import_aggregation = True
