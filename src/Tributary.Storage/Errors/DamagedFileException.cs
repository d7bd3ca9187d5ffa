namespace Tributary.Storage.Errors;

/// <summary>Carries a reason through an interface that knows only files.</summary>
internal sealed class DamagedFileException(StorageError error) : IOException(error.ToString())
{
    internal StorageError Error => error;
}
