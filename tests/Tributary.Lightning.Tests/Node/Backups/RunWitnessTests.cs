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
            first.Note(s_log, new LogSequence(5));
            first.Note(s_log, new LogSequence(9));
            first.Note(new LogId(8), new LogSequence(3));
        }

        using var second = new RunWitness(_folder, "boot");
        Assert.Equal(new LogSequence(9), second.Find(s_log));
        Assert.Equal(new LogSequence(3), second.Find(new LogId(8)));
        Assert.Null(second.Find(new LogId(9)));
        second.Note(s_log, new LogSequence(2));
        Assert.Equal(new LogSequence(2), second.Find(s_log));
    }

    [Fact]
    public void Another_start_of_the_machine_a_torn_note_or_a_foreign_one_says_nothing()
    {
        using (var first = new RunWitness(_folder, "boot"))
            first.Note(s_log, new LogSequence(5));
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
        witness.Note(s_log, new LogSequence(5));
        Assert.Null(witness.Find(s_log));
    }
}
