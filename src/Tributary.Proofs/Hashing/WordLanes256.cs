using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tributary.Proofs.Hashing;

/// <summary>Eight words in an AVX2 register.</summary>
internal readonly unsafe struct WordLanes256 : IWordLanes<WordLanes256>
{
    private readonly Vector256<uint> _words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WordLanes256(Vector256<uint> words) => _words = words;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 Load(uint* words) => new(Vector256.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* words, WordLanes256 value) => value._words.Store(words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 Broadcast(uint word) => new(Vector256.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 operator +(WordLanes256 left, WordLanes256 right) => new(left._words + right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 operator ^(WordLanes256 left, WordLanes256 right) => new(left._words ^ right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 RotateRight16(WordLanes256 value) => Rotate(value, 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 RotateRight12(WordLanes256 value) => Rotate(value, 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 RotateRight8(WordLanes256 value) => Rotate(value, 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLanes256 RotateRight7(WordLanes256 value) => Rotate(value, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WordLanes256 Rotate(WordLanes256 value, int count) => new((value._words >>> count) | (value._words << (32 - count)));
}
