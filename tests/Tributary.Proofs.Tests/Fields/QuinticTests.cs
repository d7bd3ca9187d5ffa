using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Tests.Fields;

public sealed class QuinticTests
{
    /// <summary>Schoolbook product of polynomials and division by X⁵ + X² − 1, on integers.</summary>
    private static ulong[] Multiply(ulong[] a, ulong[] b)
    {
        const ulong p = KoalaBear.Modulus;
        var product = new ulong[9];
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 5; j++)
                product[i + j] = (product[i + j] + (a[i] * b[j])) % p;
        }

        for (var k = 8; k >= 5; k--)
        {
            product[k - 5] = (product[k - 5] + product[k]) % p;
            product[k - 3] = (product[k - 3] + p - product[k]) % p;
            product[k] = 0;
        }

        return product[..5];
    }

    private static ulong[] ToIntegers(Extension x) => [x.C0.Value, x.C1.Value, x.C2.Value, x.C3.Value, x.C4.Value];

    [Fact]
    public void X5_plus_X2_minus_1_is_irreducible()
    {
        // f divides X^(p⁵) − X, which has no square factor, so f is a product of distinct irreducibles of degree 1 or 5;
        // five linear factors would give X^p = X.
        ulong[] power = [0, 1, 0, 0, 0];
        for (var round = 0; round < 5; round++)
        {
            var result = new ulong[] { 1, 0, 0, 0, 0 };
            for (var bit = 30; bit >= 0; bit--)
            {
                result = Multiply(result, result);
                if ((KoalaBear.Modulus >> bit & 1) != 0)
                    result = Multiply(result, power);
            }

            power = result;
            if (round == 0)
                Assert.NotEqual([0, 1, 0, 0, 0], power);
        }

        Assert.Equal([0, 1, 0, 0, 0], power);
    }

    [Fact]
    public void Products_equal_polynomial_products()
    {
        var random = new TestRandom(3);
        for (var i = 0; i < 5_000; i++)
        {
            Extension x = random.NextExtension(), y = random.NextExtension();
            Assert.Equal(Multiply(ToIntegers(x), ToIntegers(y)), ToIntegers(x * y));
            Assert.Equal(x * y, Extension.MultiplySchoolbook(x, y));
        }

        var top = new Extension(-1, -1, -1, -1, -1);
        Assert.Equal(Multiply(ToIntegers(top), ToIntegers(top)), ToIntegers(top * top));
    }

    [Fact]
    public void Field_laws_hold()
    {
        var random = new TestRandom(4);
        for (var i = 0; i < 1_000; i++)
        {
            Extension x = random.NextExtension(), y = random.NextExtension(), z = random.NextExtension();
            Assert.Equal((x * y) * z, x * (y * z));
            Assert.Equal(x * (y + z), (x * y) + (x * z));
            Assert.Equal(x - y, -(y - x));
            Assert.Equal(x * z.C2, x * new Extension(z.C2));
            if (x != Extension.Zero)
                Assert.Equal(Extension.One, x * x.Inverse());
        }
    }

    [Fact]
    public void Frobenius_is_the_pth_power()
    {
        var random = new TestRandom(5);
        for (var i = 0; i < 20; i++)
        {
            var x = random.NextExtension();
            Assert.Equal(x.Power(KoalaBear.Modulus), ExtensionField.Frobenius(x));
        }
    }

    [Fact]
    public void Only_canonical_bytes_decode()
    {
        var random = new TestRandom(6);
        var bytes = new byte[ExtensionField.ByteLength];
        var x = random.NextExtension();
        ExtensionField.Write(x, bytes);
        Assert.True(ExtensionField.TryRead(bytes, out var read));
        Assert.Equal(x, read);
        Assert.False(ExtensionField.TryRead(bytes.AsSpan(0, 19), out _));

        // x + p for x, in each coordinate
        for (var k = 0; k < 5; k++)
        {
            var moved = bytes.ToArray();
            BitConverter.TryWriteBytes(moved.AsSpan(4 * k), x[k].Word + KoalaBear.Modulus);
            Assert.False(ExtensionField.TryRead(moved, out _));
        }
    }

    [Fact]
    public void Batch_inversion_equals_single_inversions()
    {
        var random = new TestRandom(7);
        var values = random.Extensions(50);
        var inverses = values.ToArray();
        BatchInversion.InvertInPlace(inverses);
        Assert.Equal(values.Select(x => x.Inverse()), inverses);
    }
}
