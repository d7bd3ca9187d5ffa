using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Tributary.Storage.Files;

/// <summary>Finds the place of a file, by statx(2), which .NET does not show.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Two calls on plain arguments do not make the project unsafe.")]
internal static class FilePlaces
{
    private const int BufferLength = 256;
    private const int CurrentFolder = -100;
    private const uint BasicStatistics = 0x7ff;
    private const uint TimeOfBirth = 0x800;

    // Offsets in struct statx, which are the same on all architectures.
    private const int MaskAt = 0;
    private const int InodeAt = 32;
    private const int BirthAt = 80;
    private const int ModificationAt = 112;

    /// <summary>
    /// File systems whose inodes keep their numbers from one mount to the next (statfs(2)): ext, XFS, Btrfs, F2FS, ZFS, bcachefs, tmpfs, overlayfs
    /// and NFS. Others, such as FAT, SMB, 9P and those in user space, may number the same file otherwise tomorrow.
    /// </summary>
    private static readonly uint[] s_steady = [0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x2FC12FC1, 0xCA451A4E, 0x01021994, 0x794C7630, 0x6969];

    /// <summary>The place of a file; null where there is none, or the system does not tell reliably.</summary>
    internal static FilePlace? Find(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return null;
        byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
        var buffer = new byte[BufferLength];
        try
        {
            // The type of the file system is the first word of struct statfs, in the order of the machine.
            if (FileSystem(name, buffer) != 0 || !s_steady.Contains((uint)MemoryMarshal.Read<ulong>(buffer)))
                return null;
            buffer.AsSpan().Clear();
            if (File(CurrentFolder, name, 0, BasicStatistics | TimeOfBirth, buffer) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        const uint Needed = BasicStatistics | TimeOfBirth;
        if ((MemoryMarshal.Read<uint>(buffer.AsSpan(MaskAt)) & Needed) != Needed)
            return null;
        return new FilePlace(MemoryMarshal.Read<ulong>(buffer.AsSpan(InodeAt)), Nanoseconds(buffer.AsSpan(BirthAt)), Nanoseconds(buffer.AsSpan(ModificationAt)));
    }

    private static long Nanoseconds(ReadOnlySpan<byte> timestamp) =>
        unchecked((MemoryMarshal.Read<long>(timestamp) * 1_000_000_000) + MemoryMarshal.Read<uint>(timestamp[sizeof(long)..]));

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int File(int folder, byte[] path, int flags, uint mask, byte[] answer);

    [DllImport("libc", EntryPoint = "statfs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileSystem(byte[] path, byte[] answer);
}
