using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Proofs.Hashing;

/// <summary>Sixteen words in an AVX-512 register, which rotates in one instruction.</summary>
internal readonly unsafe struct WordLanes512 : IWordLanes<WordLanes512>
{
    private readonly Vector512<uint> _words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WordLanes512(Vector512<uint> words) => _words = words;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 Load(uint* words) => new(Vector512.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* words, WordLanes512 value) => value._words.Store(words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 Broadcast(uint word) => new(Vector512.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 operator +(WordLanes512 left, WordLanes512 right) => new(left._words + right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 operator ^(WordLanes512 left, WordLanes512 right) => new(left._words ^ right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 RotateRight16(WordLanes512 value) => new(Avx512F.RotateRight(value._words, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 RotateRight12(WordLanes512 value) => new(Avx512F.RotateRight(value._words, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 RotateRight8(WordLanes512 value) => new(Avx512F.RotateRight(value._words, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes512 RotateRight7(WordLanes512 value) => new(Avx512F.RotateRight(value._words, 7));
}
