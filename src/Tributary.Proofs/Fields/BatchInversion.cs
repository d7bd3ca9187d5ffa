using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Fields;

/// <summary>Montgomery's trick: many inverses for one inversion and three products each.</summary>
public static class BatchInversion
{
    /// <summary>Replaces every element by its inverse. None may be zero.</summary>
    public static void InvertInPlace(Span<KoalaBear> values)
    {
        if (values.IsEmpty)
            return;
        var prefixes = new KoalaBear[values.Length];
        var product = KoalaBear.One;
        for (var i = 0; i < values.Length; i++)
        {
            prefixes[i] = product;
            product *= values[i];
        }

        var suffix = product.Inverse();
        for (var i = values.Length - 1; i >= 0; i--)
            (values[i], suffix) = (prefixes[i] * suffix, suffix * values[i]);
    }

    /// <summary>Replaces every element by its inverse. None may be zero.</summary>
    public static void InvertInPlace(Span<Extension> values)
    {
        if (values.IsEmpty)
            return;
        var prefixes = new Extension[values.Length];
        var product = Extension.One;
        for (var i = 0; i < values.Length; i++)
        {
            prefixes[i] = product;
            product *= values[i];
        }

        var suffix = product.Inverse();
        for (var i = values.Length - 1; i >= 0; i--)
            (values[i], suffix) = (prefixes[i] * suffix, suffix * values[i]);
    }

    /// <summary>
    /// Inverts <paramref name="count"/> extension elements held as five planes of words, coordinate k at <paramref name="planes"/> + k·stride:
    /// every lane runs its own chain. <paramref name="scratch"/> takes five planes more. None may be zero; the count is a multiple of the width.
    /// </summary>
    internal static unsafe void InvertPlanes<T>(uint* planes, nint stride, int count, uint* scratch, nint scratchStride)
        where T : unmanaged, IPackedField<T>
    {
        if (count == 0)
            return;
        var product = Quintic<T>.One;
        for (var i = 0; i < count; i += T.Width)
        {
            Store(scratch + i, scratchStride, product);
            product *= Load<T>(planes + i, stride);
        }

        var suffix = InvertLanes(product);
        for (var i = count - T.Width; i >= 0; i -= T.Width)
        {
            var value = Load<T>(planes + i, stride);
            Store(planes + i, stride, Load<T>(scratch + i, scratchStride) * suffix);
            suffix *= value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe Quintic<T> Load<T>(uint* words, nint stride)
        where T : unmanaged, IPackedField<T> =>
        new(T.Load(words), T.Load(words + stride), T.Load(words + (2 * stride)), T.Load(words + (3 * stride)), T.Load(words + (4 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Store<T>(uint* words, nint stride, Quintic<T> value)
        where T : unmanaged, IPackedField<T>
    {
        T.Store(words, value.C0);
        T.Store(words + stride, value.C1);
        T.Store(words + (2 * stride), value.C2);
        T.Store(words + (3 * stride), value.C3);
        T.Store(words + (4 * stride), value.C4);
    }

    /// <summary>One extension element whose coordinates stand <paramref name="stride"/> words apart.</summary>
    internal static unsafe Extension LoadOne(uint* words, nint stride) =>
        new(
            KoalaBear.FromWordUnchecked(words[0]),
            KoalaBear.FromWordUnchecked(words[stride]),
            KoalaBear.FromWordUnchecked(words[2 * stride]),
            KoalaBear.FromWordUnchecked(words[3 * stride]),
            KoalaBear.FromWordUnchecked(words[4 * stride]));

    internal static unsafe void StoreOne(uint* words, nint stride, Extension value)
    {
        for (var k = 0; k < Extension.Degree; k++)
            words[k * stride] = value[k].Word;
    }

    private static unsafe Quintic<T> InvertLanes<T>(Quintic<T> value)
        where T : unmanaged, IPackedField<T>
    {
        var words = stackalloc uint[Extension.Degree * T.Width];
        Store(words, T.Width, value);
        Span<Extension> lanes = new Extension[T.Width];
        for (var lane = 0; lane < lanes.Length; lane++)
            lanes[lane] = new Extension(Lane(0, lane), Lane(1, lane), Lane(2, lane), Lane(3, lane), Lane(4, lane));
        InvertInPlace(lanes);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            for (var k = 0; k < Extension.Degree; k++)
                words[(k * T.Width) + lane] = lanes[lane][k].Word;
        }

        return Load<T>(words, T.Width);

        KoalaBear Lane(int k, int lane) => KoalaBear.FromWordUnchecked(words[(k * T.Width) + lane]);
    }
}
