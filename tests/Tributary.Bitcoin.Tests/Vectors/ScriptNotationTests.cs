using Tributary.Bitcoin.Vectors;

namespace Tributary.Bitcoin.Tests.Vectors;

public sealed class ScriptNotationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0 1 16 17 -1", "005160" + "0111" + "4f")]
    [InlineData("1000 -1000", "02e803" + "02e883")]
    [InlineData("4294967295", "05ffffffff00")]
    [InlineData("0x02 0xaabb", "02aabb")]
    [InlineData("'ab' ''", "026162" + "00")]
    [InlineData("'\u0001'", "0101")]
    [InlineData("DUP OP_HASH160\tEQUALVERIFY\nCHECKSIG", "76a988ac")]
    [InlineData("RESERVED NOP2 2DROP", "50b16d")]
    [InlineData("CHECKTEMPLATEVERIFY", "b3")]
    public void Words_become_bytes(string text, string hex)
    {
        Assert.True(ScriptNotation.TryParse(text, out var script, out _));
        Assert.Equal(hex, script.ToHex());
    }

    [Theory]
    [InlineData("4294967296")]
    [InlineData("FOO")]
    [InlineData("0x")]
    [InlineData("0xabc")]
    [InlineData("'a b'")]
    [InlineData("PUSHDATA1")]
    [InlineData("-")]
    public void Other_words_are_named(string text)
    {
        Assert.False(ScriptNotation.TryParse(text, out _, out var problem));
        Assert.Contains(text.Split(' ')[0], problem, StringComparison.Ordinal);
    }
}
