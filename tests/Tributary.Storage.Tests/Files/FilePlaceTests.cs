using System.Diagnostics;
using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Files;

/// <summary>A file is told from its copies, on the file systems that allow it.</summary>
public sealed class FilePlaceTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("place-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_file_stays_the_same_when_its_folder_is_renamed_and_when_it_is_locked_again()
    {
        var place = Make("a");
        Directory.Move(PathOf("a"), PathOf("b"));

        Assert.Equal(place, DiskDirectory.Open(PathOf("b")).PlaceOf("lock"));
        Lock("b");
        Assert.Equal(place, DiskDirectory.Open(PathOf("b")).PlaceOf("lock"));
    }

    [Theory]
    [InlineData("cp", "-r")]
    [InlineData("cp", "-a")]
    public void A_copy_is_another_file_even_where_it_takes_the_place_of_the_first(params string[] words)
    {
        var place = Make("a");
        Run(words[0], words[1], PathOf("a"), PathOf("b"));
        Assert.NotEqual(place, DiskDirectory.Open(PathOf("b")).PlaceOf("lock"));

        // The number of an inode that is free is used again at once.
        Directory.Delete(PathOf("a"), recursive: true);
        Run(words[0], words[1], PathOf("b"), PathOf("a"));
        Assert.NotEqual(place, DiskDirectory.Open(PathOf("a")).PlaceOf("lock"));
    }

    [Fact]
    public void A_copy_that_is_written_over_the_file_shows()
    {
        var place = Make("a");
        Run("cp", "-r", PathOf("a"), PathOf("b"));
        Run("cp", "-r", PathOf("b") + "/.", PathOf("a"));
        Assert.NotEqual(place, DiskDirectory.Open(PathOf("a")).PlaceOf("lock"));
    }

    [Fact]
    public void What_is_not_there_and_what_is_in_memory_has_no_place()
    {
        Make("a");
        Assert.Null(DiskDirectory.Open(PathOf("a")).PlaceOf("other"));
        Assert.Null(((IStorageDirectory)new MemoryDirectory()).PlaceOf("lock"));
    }

    private FilePlace Make(string name)
    {
        Lock(name);
        var place = DiskDirectory.Open(PathOf(name)).PlaceOf("lock");
        Assert.SkipWhen(place is null, "the file system of the temporary folder does not tell a file from its copy");
        return place!.Value;
    }

    private void Lock(string name)
    {
        Assert.True(DiskDirectory.Open(PathOf(name)).TryLock("lock", "a test", out var taken, out _));
        taken.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string PathOf(string name) => Path.Combine(_home, name);
}
