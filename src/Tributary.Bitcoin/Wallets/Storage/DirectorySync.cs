using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Tributary.Bitcoin.Wallets.Storage;

/// <summary>
/// Makes a file's name durable: a created or renamed file survives a power cut only once its directory is synced, for which .NET has no
/// call. Windows journals names itself.
/// </summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Three calls on plain arguments do not make the project unsafe.")]
internal static class DirectorySync
{
    private const int ReadOnly = 0;

    internal static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], ReadOnly);
        if (descriptor < 0)
            throw new IOException($"The directory {directory} cannot be opened to be synced.");
        var result = Sync(descriptor);
        _ = Close(descriptor);
        if (result != 0)
            throw new IOException($"The directory {directory} cannot be synced.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
