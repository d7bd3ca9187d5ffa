namespace Tributary.Proofs.Hashing;

/// <summary>32-bit words in lanes, with what BLAKE3 does to them.</summary>
internal unsafe interface IWordLanes<T>
    where T : unmanaged, IWordLanes<T>
{
    static abstract int Width { get; }

    static abstract T Load(uint* words);

    static abstract void Store(uint* words, T value);

    static abstract T Broadcast(uint word);

    static abstract T operator +(T left, T right);

    static abstract T operator ^(T left, T right);

    static abstract T RotateRight16(T value);

    static abstract T RotateRight12(T value);

    static abstract T RotateRight8(T value);

    static abstract T RotateRight7(T value);
}
