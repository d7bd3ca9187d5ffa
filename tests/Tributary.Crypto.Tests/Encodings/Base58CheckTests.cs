using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Encodings;

public sealed class Base58CheckTests
{
    [Fact]
    public void What_is_written_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] payload, byte zeros) =>
        {
            payload = [.. new byte[zeros % 5], .. payload];
            Span<char> text = stackalloc char[Base58Check.TextLengthMax(payload.Length)];
            text = text[..Base58Check.Encode(payload, text)];
            var back = new byte[payload.Length];
            var read = Base58Check.TryDecode(text, back);
            return read == Base58CheckOutcome.Ok && back.AsSpan().SequenceEqual(payload)
                && Base58Check.TryDecode(text, new byte[payload.Length + 1]) == Base58CheckOutcome.WrongLength;
        }));

    // The genesis block's address: version 0 and the hash160 of its key.
    [Fact]
    public void A_known_address_comes_out_and_its_faults_are_told_apart()
    {
        var payload = Convert.FromHexString("0062e907b15cbf27d5425399ebf6f0fb50ebb88f18");
        Span<char> text = stackalloc char[64];
        Assert.Equal("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", new string(text[..Base58Check.Encode(payload, text)]));
        Assert.Equal(Base58CheckOutcome.WrongChecksum, Base58Check.TryDecode("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", payload));
        Assert.Equal(Base58CheckOutcome.NotBase58, Base58Check.TryDecode("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", payload));
        Assert.Equal(Base58CheckOutcome.NotBase58, Base58Check.TryDecode("1A1zP1eP5QGefi2DMPTfTL5SLmv7Divfñ", payload));
        Assert.Equal(Base58CheckOutcome.WrongLength, Base58Check.TryDecode("11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", payload));
        Assert.Equal(Base58CheckOutcome.WrongLength, Base58Check.TryDecode("", payload));
        Assert.Equal(Base58CheckOutcome.WrongLength, Base58Check.TryDecode(new string('z', 1_000_000), payload));
    }

    [Fact]
    public void Any_text_is_read_or_refused_without_allocation() =>
        Fuzz.RunText(
            ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1111111111111111111114oLvT2"],
            static text =>
            {
                Span<byte> payload = stackalloc byte[21];
                Span<char> again = stackalloc char[64];
                if (Base58Check.TryDecode(text, payload) == Base58CheckOutcome.Ok && !text.SequenceEqual(again[..Base58Check.Encode(payload, again)]))
                    throw new InvalidOperationException("One payload has two texts.");
            },
            limits: FuzzLimits.NoAllocation);
}
