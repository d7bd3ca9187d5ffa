using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Tests.Blocks;

public sealed class TargetTests
{
    [Theory]
    [InlineData(0x1d00ffffu, "00000000ffff0000000000000000000000000000000000000000000000000000")]
    [InlineData(0x207fffffu, "7fffff0000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x05009234u, "0000000000000000000000000000000000000000000000000000000092340000")]
    [InlineData(0x01120000u, "0000000000000000000000000000000000000000000000000000000000000012")]
    [InlineData(0x02123456u, "0000000000000000000000000000000000000000000000000000000000001234")]
    [InlineData(0x04123456u, "0000000000000000000000000000000000000000000000000000000012345600")]
    public void The_compact_form_is_exponent_and_mantissa(uint bits, string target)
    {
        Assert.True(Target.TryFromCompact(bits, out var read));
        Assert.Equal(target, read.ToString());
    }

    [Theory]
    [InlineData(0x00000000u)]
    [InlineData(0x01003456u)]
    [InlineData(0x04923456u)]
    [InlineData(0x01fedcbau)]
    [InlineData(0xff123456u)]
    [InlineData(0x21010000u)]
    public void Zero_negative_and_huge_targets_are_none(uint bits) => Assert.False(Target.TryFromCompact(bits, out _));

    [Fact]
    public void The_compact_form_of_what_was_read_is_the_same_target() =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint bits) =>
            !Target.TryFromCompact(bits % 0x2100_0000, out var target) || (Target.TryFromCompact(target.ToCompact(), out var again) && again == target)));

    [Theory]
    [InlineData(0x1d00ffffu, 1_262_152_739 - 1_261_130_161, 0x1d00d86au)]
    [InlineData(0x1d00ffffu, 1_233_061_996 - 1_231_006_505, 0x1d00ffffu)]
    [InlineData(0x1c05a3f4u, 1_279_297_671 - 1_279_008_237, 0x1c0168fdu)]
    [InlineData(0x1c387f6fu, 1_269_211_443 - 1_263_163_443, 0x1d00e1fdu)]
    public void Targets_follow_the_time_that_blocks_took(uint bits, long timespan, uint next)
    {
        Assert.True(Target.TryFromCompact(0x1d00ffff, out var limit));
        Assert.True(Target.TryFromCompact(bits, out var target));

        Assert.Equal(next, target.Retarget(timespan, limit).ToCompact());
    }

    [Fact]
    public void Work_is_the_inverse_of_the_target()
    {
        Assert.True(Target.TryFromCompact(0x1d00ffff, out var target));
        Assert.True(Target.TryFromCompact(0x207fffff, out var regtest));

        Assert.Equal(new BigInteger(0x1_0001_0001), target.Work);
        Assert.Equal(2, regtest.Work);
        Assert.True(target < regtest);
    }
}
