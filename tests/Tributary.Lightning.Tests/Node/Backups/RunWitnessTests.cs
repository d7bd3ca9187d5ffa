using Tributary.Lightning.Node.Backups;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Tests.Node.Backups;

public sealed class RunWitnessTests : IDisposable
{
    private static readonly LogId s_log = new(7);
    private readonly string _folder = Directory.CreateTempSubdirectory("witness-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_noted_is_found_by_the_next_process_for_the_same_log()
    {
        using (var first = new RunWitness(_folder, "boot"))
        {
            Assert.Null(first.Find(s_log));
            first.Note(s_log, Noted(5));
            first.Note(s_log, Noted(9));
            first.Note(new LogId(8), Noted(3));
        }

        using var second = new RunWitness(_folder, "boot");
        Assert.Equal(Noted(9), second.Find(s_log));
        Assert.Equal(Noted(3), second.Find(new LogId(8)));
        Assert.Null(second.Find(new LogId(9)));
        second.Note(s_log, Noted(2));
        Assert.Equal(Noted(2), second.Find(s_log));
    }

    [Fact]
    public void Another_start_of_the_machine_a_torn_note_or_a_foreign_one_says_nothing()
    {
        using (var first = new RunWitness(_folder, "boot"))
            first.Note(s_log, Noted(5));
        using (var other = new RunWitness(_folder, "another boot"))
            Assert.Null(other.Find(s_log));

        var file = Assert.Single(Directory.GetFiles(_folder));
        var bytes = File.ReadAllBytes(file);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            File.WriteAllBytes(file, damaged);
            using var witness = new RunWitness(_folder, "boot");
            Assert.Null(witness.Find(s_log));
        }

        File.WriteAllBytes(file, bytes[..40]);
        using var cut = new RunWitness(_folder, "boot");
        Assert.Null(cut.Find(s_log));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_as_good_as_no_witness()
    {
        using var witness = new RunWitness(Path.Combine(_folder, "not", "there"), "boot");
        witness.Note(s_log, Noted(5));
        Assert.Null(witness.Find(s_log));
    }

    private static RunNote Noted(ulong through) => new(new LogSequence(through), ulong.MaxValue - through);
}
