using System.Runtime.InteropServices;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Large arrays on large pages. With pages of 4 KiB nearly every line that a payment touches costs a walk through page tables as well (a double one in a
/// virtual machine); with pages of 2 MiB it does not. Linux gives them to those who ask; elsewhere, or where it refuses, the array is as any other.
/// </summary>
internal static partial class HugePages
{
    private const nuint PageSize = 2 << 20;
    private const int AdviseHugePage = 14;

    /// <summary>An array that does not move, its content undefined.</summary>
    public static unsafe long[] Allocate(int length)
    {
        var array = GC.AllocateUninitializedArray<long>(length, pinned: true);
        var start = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        var first = (start + PageSize - 1) & ~(PageSize - 1);
        var end = (start + ((nuint)length * sizeof(long))) & ~(PageSize - 1);

        // What the call returns does not matter: without large pages everything works the same, only slower.
        if (OperatingSystem.IsLinux() && end > first)
            _ = Advise((void*)first, end - first, AdviseHugePage);
        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(void* address, nuint length, int advice);
}
