using Tributary.Payments.Intents;

namespace Tributary.Payments.Tests.Intents;

public sealed class StatesDocumentTests
{
    [Fact]
    public void The_document_is_what_the_table_says()
    {
        var path = Path.Combine(Root(), "docs", "states.md");
        var expected = StatesDocument.Write();
        if (string.Equals(Environment.GetEnvironmentVariable("TRIBUTARY_WRITE_DOCUMENTS"), "1", StringComparison.Ordinal))
            File.WriteAllText(path, expected);
        Assert.True(File.Exists(path) && string.Equals(File.ReadAllText(path), expected, StringComparison.Ordinal), "docs/states.md differs from the table: run this test with TRIBUTARY_WRITE_DOCUMENTS=1 and commit the file.");
    }

    [Fact]
    public void No_step_is_listed_twice_and_the_end_is_final()
    {
        var steps = IntentTransitions.All.Select(static row => (row.From, row.Trigger, row.To)).ToList();
        Assert.Equal(steps.Count, steps.Distinct().Count());
        Assert.DoesNotContain(IntentTransitions.All, static row => row.From == IntentStatus.Canceled || row.From == row.To);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tributary.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
