using System.Runtime.CompilerServices;

namespace Tributary.Crypto.Tests.Keys;

[Collection(nameof(SecretBytesTests))]
public sealed class SecretBytesTests
{
    [Fact]
    public void Dispose_zeroes_the_bytes_and_ends_their_use()
    {
        var secret = new SecretBytes([1, 2, 3]);
        using var same = new SecretBytes([1, 2, 3]);
        using var longer = new SecretBytes([1, 2, 3, 4]);
        Assert.True(secret.ConstantTimeEquals(same));
        Assert.False(secret.ConstantTimeEquals(longer));
        Assert.Equal(3, secret.Length);
        var copy = new byte[4];
        secret.WriteTo(copy);
        Assert.Equal([1, 2, 3, 0], copy);
        var bytes = secret.Reveal();
        secret.Dispose();
        secret.Dispose();
        Assert.Equal(new byte[3], bytes.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secret.Reveal());
        Assert.Throws<ObjectDisposedException>(() => secret.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.ConstantTimeEquals(same));
    }

    [Fact]
    public unsafe void A_forgotten_secret_is_zeroed_but_not_while_a_span_is_over_it()
    {
        var bytes = Forget();
        Collect();
        Assert.Equal<byte[]>([7, 8, 9], bytes.ToArray());

        // The array is still there after its finalizer, until the next collection, which this collection of tests keeps away.
        var address = ForgetAll();
        Collect();
        Assert.Equal(new byte[3], new ReadOnlySpan<byte>((void*)address, 3).ToArray());

        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> Forget() => new SecretBytes([7, 8, 9]).Reveal();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe nint ForgetAll()
    {
        fixed (byte* first = new SecretBytes([7, 8, 9]).Reveal())
            return (nint)first;
    }
}
