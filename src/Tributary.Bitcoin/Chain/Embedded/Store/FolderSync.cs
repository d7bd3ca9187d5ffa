using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>Makes a new name in a folder durable. A file's own flush does not cover the folder entry that leads to it (fsync(2)).</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable arguments; the generated stub would need unsafe code.")]
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Best effort: where the platform can't flush a folder, its own journal has to do.</summary>
    internal static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
