using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Numbers that begin on a cache line, and on a large page where they fill one. A cell of one line then costs one line, not two. With pages of 4 KiB
/// nearly every line that a payment touches costs a walk through page tables as well (a double one in a virtual machine); with pages of 2 MiB it does
/// not. Linux gives them to those who ask; elsewhere, or where it refuses, the memory is as any other.
/// </summary>
internal readonly partial struct LineMemory
{
    private const int PageSize = 2 << 20;
    private const int AdviseHugePage = 14;

    private readonly long[] _numbers;
    private readonly int _first;

    private LineMemory(long[] numbers, int first, int length) => (_numbers, _first, Length) = (numbers, first, length);

    /// <summary>How many numbers there are.</summary>
    public int Length { get; }

    /// <summary>True before anything was allocated.</summary>
    public bool IsNone => _numbers is null;

    /// <summary>The address of a number, for prefetches and tight loops.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long At(int place) => ref _numbers[_first + place];

    /// <summary>Some of the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<long> Slice(int start, int length) => _numbers.AsSpan(_first + start, length);

    /// <summary>Numbers that do not move, their content undefined.</summary>
    public static unsafe LineMemory Allocate(int length)
    {
        var isLarge = (long)length * sizeof(long) >= PageSize;
        var alignment = (nuint)(isLarge ? PageSize : CacheLines.Length * sizeof(long));
        var numbers = GC.AllocateUninitializedArray<long>(length + (int)(alignment / sizeof(long)), pinned: true);
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(numbers, 0);
        var start = (address + alignment - 1) & ~(alignment - 1);

        // What the call returns does not matter: without large pages everything works the same, only slower.
        if (isLarge && OperatingSystem.IsLinux())
            _ = Advise((void*)start, (nuint)length * sizeof(long) / PageSize * PageSize, AdviseHugePage);
        return new LineMemory(numbers, (int)((start - address) / sizeof(long)), length);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(void* address, nuint length, int advice);
}
