using Tributary.Intelligence.Data;
using Tributary.Intelligence.Tabular;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Tabular;

public sealed class TabularInferenceTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tributary-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Columns_of_numbers_are_quantities_and_others_categories(string separator)
    {
        Write("id,a,c,code,y\n1,1.5,red,3,no\n2,NA,\"blue\",4,yes\n3,-2e3,,3,no\n".Replace(",", separator, StringComparison.Ordinal));
        var format = TabularInference.Infer(_file, "y", categorical: ["code"], ignored: ["id"]).Value;
        Assert.Equal(("yes", "no"), (format.PositiveLabel, format.NegativeLabel));
        var table = TabularReader.ReadFiles(format, _file).Value;
        Assert.Equal(["a", "c", "code"], table.X.Schema.Names);
        Assert.Equal([FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Categorical], table.X.Schema.Kinds);
        Assert.Equal([0, 1, 0], table.Y);
        Assert.Equal("no", TabularInference.Infer(_file, "y", positive: "no").Value.PositiveLabel);
    }

    [Fact]
    public void A_published_file_is_read_as_its_format_says()
    {
        var path = SharedData.Path("credit/ibm_telco_churn.csv.gz");
        var format = TabularInference.Infer(path, "Churn", categorical: ["SeniorCitizen"], ignored: ["customerID"]).Value;
        var (inferred, known) = (TabularReader.ReadFiles(format, path).Value, TabularReader.ReadFiles(TabularFormat.Telco, path).Value);
        Assert.Equal(known.X.Schema, inferred.X.Schema);
        Assert.Equal(known.Y, inferred.Y);
    }

    [Theory]
    [InlineData("a,y\n1,0\n2,1\n", "z", "z")]
    [InlineData("a,y\n1,0\n2,0\n", "y", "y")]
    [InlineData("a,y\n1,0\n2,1\n3,2\n", "y", "y")]
    [InlineData("", "y", "header")]
    [InlineData("y\n1\n", "y", "header")]
    [InlineData("y,y\n1,0\n", "y", "header")]
    public void What_is_no_table_is_refused_by_name(string text, string label, string field)
    {
        Write(text);
        Assert.Equal(field, TabularInference.Infer(_file, label).Error.Field);
    }

    [Fact]
    public void A_file_that_is_not_there_or_a_positive_that_is_none_is_refused()
    {
        Assert.Equal("nothing.csv", TabularInference.Infer("nothing.csv", "y").Error.Field);
        Write("a,y\n1,0\n2,1\n");
        Assert.Equal("y", TabularInference.Infer(_file, "y", positive: "2").Error.Field);
        Assert.Equal("columns", TabularInference.Infer(_file, "y", ignored: ["a"]).Error.Field);
    }

    [Fact]
    public void Any_text_gives_a_format_or_a_refusal()
    {
        Fuzz.RunText(
            ["a,b,y\n1,x,0\n2,\"z\",1\n", "a;b;y\n1;x;no\n;NA;yes\n"],
            text =>
            {
                Write(new string(text));
                if (TabularInference.Infer(_file, "y").TryGet(out var format, out _))
                    _ = TabularReader.ReadFiles(format, _file);
            },
            iterations: 300,
            limits: new FuzzLimits(BytesPerInputByte: 1_024, Bytes: 262_144));
    }

    private void Write(string text) => File.WriteAllText(_file, text);
}
