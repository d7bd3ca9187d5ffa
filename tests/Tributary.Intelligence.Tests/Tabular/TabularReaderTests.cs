using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Tabular;
using Tributary.Intelligence.Tests.Selection;

namespace Tributary.Intelligence.Tests.Tabular;

public sealed class TabularReaderTests
{
    private static readonly TabularFormat Small = new(
        "small",
        ',',
        true,
        [new("id", ColumnRole.Ignored), new("a", ColumnRole.Numeric), new("c", ColumnRole.Categorical), new("y", ColumnRole.Label)],
        "yes",
        "no",
        ["NA"]);

    [Fact]
    public void Columns_are_found_by_their_name_and_codes_follow_the_texts()
    {
        var table = Read("y,\"c\",a,id\nyes, red ,1.5,x\nno,blue,-2e3,y\n\nno,NA,,z\n");
        Assert.Equal(["a", "c"], table.X.Schema.Names);
        Assert.Equal([FeatureKind.Numeric, FeatureKind.Categorical], table.X.Schema.Kinds);
        Assert.Equal([1.5f, -2000, float.NaN], table.X.Column(0).ToArray());
        Assert.Equal([1, 0, float.NaN], table.X.Column(1).ToArray());
        Assert.Equal([1, 0, 0], table.Y);
        Assert.Equal(["blue", "red"], table.CategoryNames[1]);
    }

    [Fact]
    public void Quotes_keep_separators_and_doubled_quotes()
    {
        Assert.Equal(["a, \"b\""], Read("id,a,c,y\n1,2,\"a, \"\"b\"\"\",yes\n").CategoryNames[1]);
        Assert.False(TabularReader.Read(new StringReader("id,a,c,y\n2,3,\"unclosed,no\n"), Small).IsOk);
    }

    [Fact]
    public void A_record_broken_by_a_line_end_is_joined()
    {
        var table = Read("id,a,c,y\n1,2\n00,red,yes\n2,3,blue,no\n");
        Assert.Equal([200, 3], table.X.Column(0).ToArray());
        Assert.Equal(1, table.JoinedLines);
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("id,a,y\n", "header")]
    [InlineData("id,a,c,y\n", "file")]
    [InlineData("id,a,c,y\n1,2,red\n", "line 2")]
    [InlineData("id,a,c,y\n1,2,red,yes,5\n", "line 2")]
    [InlineData("id,a,c,y\n1,two,red,yes\n", "line 2")]
    [InlineData("id,a,c,y\n1,2,red,perhaps\n", "line 2")]
    public void What_does_not_fit_is_refused_with_its_line(string text, string field)
    {
        var result = TabularReader.Read(new StringReader(text), Small);
        Assert.False(result.IsOk);
        Assert.Equal(field, result.Error.Field);
    }

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Equal("line 2", TabularReader.Read(new StringReader("id,a,c,y\n" + new string('1', 100_000)), Small).Error.Field);

    [Fact]
    public void Any_text_gives_a_table_or_a_reason() =>
        Check.QuickThrowOnFailure(Prop.ForAll((string text) =>
        {
            var result = TabularReader.Read(new StringReader("id,a,c,y\n1,2,red,yes\n" + text), Small);
            return result.IsOk || result.Error.Reason.Length > 0;
        }));

    [Theory]
    [InlineData("taiwan", "uci_taiwan_default.csv.gz", 30_000, 23, 6636)]
    [InlineData("german", "german.data.gz", 1000, 20, 300)]
    [InlineData("credit_data", "credit_data.csv.gz", 4454, 13, 1254)]
    [InlineData("adult", "adult.data.gz", 32_561, 14, 7841)]
    [InlineData("adult", "adult.test.gz", 16_281, 14, 3846)]
    [InlineData("telco", "ibm_telco_churn.csv.gz", 7043, 19, 1869)]
    public void Public_tables_are_read_whole(string format, string file, int rows, int features, int positives)
    {
        var path = PublicData.Find("credit", file);
        Assert.SkipWhen(path is null, $"{file} is not here: set TRIBUTARY_DATA.");
        var table = TabularReader.ReadFiles(TabularFormat.All.Single(known => known.Name.Equals(format, StringComparison.Ordinal)), path).Value;
        Assert.Equal(rows, table.X.RowCount);
        Assert.Equal(features, table.X.Schema.Count);
        Assert.Equal(positives, table.Y.Count(label => label == 1));
    }

    [Fact]
    public void The_broken_first_record_of_the_taiwan_copy_is_mended()
    {
        var path = PublicData.Find("credit", "uci_taiwan_default.csv.gz");
        Assert.SkipWhen(path is null, "uci_taiwan_default.csv.gz is not here: set TRIBUTARY_DATA.");
        var table = TabularReader.ReadFiles(TabularFormat.Taiwan, path).Value;
        Assert.Equal(1, table.JoinedLines);
        Assert.Equal(20_000, table.X.Column(0)[0]);
        Assert.Equal(120_000, table.X.Column(0)[1]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Equal("missing.csv", TabularReader.ReadFiles(Small, "missing.csv").Error.Field);

    private static TabularTable Read(string text) => TabularReader.Read(new StringReader(text), Small).Value;
}
