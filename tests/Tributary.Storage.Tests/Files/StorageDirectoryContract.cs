using Tributary.Storage.Files;

namespace Tributary.Storage.Tests.Files;

/// <summary>What every directory does, on a disk, in memory and simulated.</summary>
public abstract class StorageDirectoryContract : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IStorageDirectory Directory { get; }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    [Fact]
    public async Task What_is_written_is_read_by_position_through_any_handle()
    {
        using var file = Directory.Create("a");
        file.Write(0, [1, 2, 3, 4]);
        file.Write(2, [9, 9, 9]);
        await file.FlushAsync(Cancellation);
        Assert.Equal(5, file.Length);
        using var other = Directory.Open("a", FileUse.Read);
        var bytes = new byte[10];
        Assert.Equal(4, other.Read(1, bytes));
        Assert.Equal([2, 9, 9, 9], bytes[..4]);
        Assert.Equal(0, other.Read(5, bytes));
        Assert.Equal(0, other.Read(50, bytes));
        file.Truncate(2);
        Assert.Equal(1, file.Read(1, bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Write(3, [1]));
    }

    [Fact]
    public void Names_are_created_once_renamed_over_others_and_removed()
    {
        using (var first = Directory.Create("b"))
            first.Write(0, [1]);
        Assert.Throws<IOException>(() => Directory.Create("b"));
        using (var second = Directory.Create("a"))
            second.Write(0, [2, 2]);
        Directory.Sync();
        Assert.Equal("a b", string.Join(' ', Directory.List()));
        Directory.Rename("a", "b");
        Assert.False(Directory.Exists("a"));
        using (var renamed = Directory.Open("b", FileUse.ReadWrite))
            Assert.Equal(2, renamed.Length);
        Directory.Remove("b");
        Directory.Remove("b");
        Assert.Empty(Directory.List());
        Assert.Throws<FileNotFoundException>(() => Directory.Open("b", FileUse.Read));
        Assert.Throws<FileNotFoundException>(() => Directory.Rename("b", "c"));
    }

    [Fact]
    public void A_lock_is_refused_to_a_second_handle_by_the_name_of_who_holds_it()
    {
        Assert.True(Directory.TryLock("lock", "the first", out var taken, out _));
        Assert.False(Directory.TryLock("lock", "the second", out _, out var heldBy));
        Assert.Equal("the first", heldBy);
        taken.Dispose();
        Assert.True(Directory.TryLock("lock", "the third", out taken, out _));
        taken.Dispose();
    }
}
