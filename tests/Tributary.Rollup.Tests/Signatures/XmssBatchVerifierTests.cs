using FsCheck;
using FsCheck.Fluent;
using Tributary.Primitives.Results;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Signatures;

public sealed class XmssBatchVerifierTests
{
    private static readonly Lazy<SignedMessage[]> s_good = new(static () => [.. Enumerable.Range(0, 70).Select(static i => Good(i))]);

    private readonly XmssBatchVerifier _verifier = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(70)]
    public void Signatures_that_hold_hold_side_by_side(int count)
    {
        var refusals = Verify(s_good.Value[..count]);
        Assert.All(refusals, Assert.Null);
    }

    [Fact]
    public void Each_claim_is_judged_as_if_it_were_alone() => Check.QuickThrowOnFailure(Prop.ForAll((int[] places, int[] faults) =>
    {
        var claims = places.Select((place, i) => Spoil(s_good.Value[(int)((uint)place % 70)], i < faults.Length ? faults[i] : 0)).ToArray();
        return Verify(claims).SequenceEqual(claims.Select(static claim => XmssVerifier.Verify(claim.Key, claim.Index, claim.Message, claim.Signature.Span)));
    }));

    [Fact]
    public void A_group_of_which_nothing_holds_leaves_nothing_behind_for_the_next()
    {
        var spoilt = s_good.Value[..40].Select(static (claim, i) => Spoil(claim, (8 * i) + 1 + (i % 7))).ToArray();
        Assert.All(Verify(spoilt), Assert.NotNull);
        Assert.All(Verify(s_good.Value[..40]), Assert.Null);
        Assert.All(Verify(spoilt[..33]), Assert.NotNull);
    }

    private Refusal?[] Verify(SignedMessage[] claims)
    {
        var refusals = new Refusal?[claims.Length];
        _verifier.Verify(claims, refusals);
        return refusals;
    }

    // Keys of two lifetimes: their paths end at different levels.
    private static SignedMessage Good(int i)
    {
        var key = i % 3 == 0 ? s_short.Value : TestRollup.Keys[i % 8];
        var message = default(TreeDigest);
        message[0] = (uint)i;
        var index = (uint)(i * 7) % 8;
        return new SignedMessage(key.PublicKey, index, message, key.Sign(index, message).Value);
    }

    private static readonly Lazy<XmssKey> s_short = new(static () => XmssKey.Create(new byte[32], new XmssKeyOptions { LogLifetime = 3 }));

    private static SignedMessage Spoil(SignedMessage good, int fault)
    {
        var signature = good.Signature.ToArray();
        switch ((uint)fault % 8)
        {
            case 0:
                return good;
            case 1:
                signature[(uint)fault / 8 % (uint)signature.Length] ^= 1;
                return good with { Signature = signature };
            case 2:
                signature[^1] ^= 1;
                return good with { Signature = signature };
            case 3:
                signature.AsSpan(4 * (int)((uint)fault % 50), 4).Fill(0xff);
                return good with { Signature = signature };
            case 4:
                return good with { Signature = signature.AsMemory(1) };
            case 5:
                return good with { Index = good.Index ^ 1 };
            case 6:
                return good with { Key = good.Key with { Root = TestRollup.Keys[1].PublicKey.Root } };
            default:
                return good with { Key = default };
        }
    }
}
