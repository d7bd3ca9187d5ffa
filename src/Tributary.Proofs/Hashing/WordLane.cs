using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Hashing;

/// <summary>One word: the scalar form, and the oracle of the wide ones.</summary>
internal readonly unsafe struct WordLane : IWordLanes<WordLane>
{
    private readonly uint _word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WordLane(uint word) => _word = word;

    public static int Width => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane Load(uint* words) => new(*words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* words, WordLane value) => *words = value._word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane Broadcast(uint word) => new(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane operator +(WordLane left, WordLane right) => new(left._word + right._word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane operator ^(WordLane left, WordLane right) => new(left._word ^ right._word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane RotateRight16(WordLane value) => new(BitOperations.RotateRight(value._word, 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane RotateRight12(WordLane value) => new(BitOperations.RotateRight(value._word, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane RotateRight8(WordLane value) => new(BitOperations.RotateRight(value._word, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordLane RotateRight7(WordLane value) => new(BitOperations.RotateRight(value._word, 7));
}
