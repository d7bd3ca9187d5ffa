using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.HierarchicalKeys;

public sealed class DerivationPathTests
{
    [Theory]
    [InlineData("", "m")]
    [InlineData("m", "m")]
    [InlineData("m/0", "m/0")]
    [InlineData("0", "m/0")]
    [InlineData("m/84'/0h/2147483647H/1/5", "m/84h/0h/2147483647h/1/5")]
    [InlineData("84h/1h/0h", "m/84h/1h/0h")]
    [InlineData("m/007", "m/7")]
    public void Reads_every_way_of_writing_a_path(string text, string canonical)
    {
        var path = DerivationPath.Parse(text).Value;
        Assert.Equal(canonical, path.ToString());
        Assert.Equal(path, DerivationPath.Parse(canonical).Value);
        Assert.Equal(path.GetHashCode(), DerivationPath.Parse(canonical).Value.GetHashCode());
        Assert.Equal(canonical.TrimStart('m').TrimStart('/'), path.ToRelativeText());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("m/")]
    [InlineData("m//0")]
    [InlineData("m/0/")]
    [InlineData("/0")]
    [InlineData("M/0")]
    [InlineData("n/0")]
    [InlineData("m/2147483648")]
    [InlineData("m/4294967296")]
    [InlineData("m/99999999999")]
    [InlineData("m/-1")]
    [InlineData("m/+1")]
    [InlineData("m/ 1")]
    [InlineData("m/1 ")]
    [InlineData("m/1''")]
    [InlineData("m/'")]
    [InlineData("m/1'h")]
    [InlineData("m/0x1")]
    [InlineData("m/1,000")]
    [InlineData("m/\u0661")]
    public void Refuses_everything_else(string text) => Assert.Equal("path", DerivationPath.Parse(text).Error.Field);

    [Fact]
    public void Names_the_step_at_fault() => Assert.StartsWith("step 3", DerivationPath.Parse("m/1/2/x").Error.Reason, StringComparison.Ordinal);

    [Fact]
    public void Holds_255_steps_and_no_more()
    {
        var text = "m/" + string.Join('/', Enumerable.Repeat("2147483647'", 255));
        var path = DerivationPath.Parse(text).Value;
        Assert.Equal(255, path.Count);
        Assert.False(DerivationPath.Parse(text + "/0").IsOk);
        Assert.False(DerivationPath.Parse(new string('/', 300)).IsOk);
        Assert.False(DerivationPath.Parse(new string('0', 100_000)).IsOk);
        Assert.Throws<ArgumentException>(() => path.Append(ChildIndex.Normal(0)));
    }

    [Fact]
    public void What_is_written_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint[] raw) =>
        {
            var path = new DerivationPath(raw.Take(255).Select(ChildIndex.FromRaw).ToArray());
            return DerivationPath.Parse(path.ToString()).Value.Equals(path)
                && DerivationPath.Parse(path.ToRelativeText()).Value.Equals(path)
                && path.HasHardenedStep == path.Any(step => step.IsHardened);
        }));

    [Fact]
    public void Appending_goes_on_from_the_end()
    {
        var account = DerivationPath.Parse("m/84h/0h/0h").Value;
        Assert.Equal("m/84h/0h/0h/1", account.Append(ChildIndex.Normal(1)).ToString());
        Assert.Equal("m/84h/0h/0h/1/7", account.Append(DerivationPath.Parse("1/7").Value).ToString());
        Assert.Equal(84u, account[0].Number);
        Assert.Equal(0x80000054u, account[0].Raw);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChildIndex.Normal(0x80000000));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChildIndex.Hardened(0x80000000));
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Fuzz.RunText(
            ["m", "m/84'/0'/0'/1/5", "0/1h/2147483647H", "m/48h/1h/0h/2h/0/1/2/3/4/5/6/7/8/9"],
            static text => _ = DerivationPath.Parse(text));
}
