using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tributary.Proofs.Memory;

/// <summary>
/// Bytes outside the collector's heap, aligned to vectors, and to huge pages where they are many: kernels walk hundreds of columns at once,
/// and small pages would miss the translation cache on each.
/// </summary>
internal sealed unsafe partial class NativeBlock : SafeHandle
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 1 << 21;
    private const int AdviseHugePage = 14;

    public NativeBlock(nuint bytes)
        : base(0, ownsHandle: true)
    {
        Size = bytes;
        var large = bytes >= 2 * HugePage;
        var address = NativeMemory.AlignedAlloc(bytes, large ? HugePage : CacheLine);
        if (large && OperatingSystem.IsLinux())
            _ = Advise(address, bytes & ~(HugePage - 1), AdviseHugePage);
        SetHandle((nint)address);
        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Bytes.</summary>
    public nuint Size { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte; reading it after disposal is a bug and throws.</summary>
    public void* Address => IsClosed ? throw new ObjectDisposedException(nameof(NativeBlock)) : (void*)handle;

    public void Clear() => NativeMemory.Clear(Address, Size);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure((long)Size);
        return true;
    }

    // Advice only: where the system refuses, pages stay small and the result is the same.
    [SuppressMessage("Interoperability", "CA5392", Justification = "libc is the process's own.")]
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
