using System.Text;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Bitcoin.Tests.Wallets.Storage;

public sealed class WalletLogStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-wallet-log-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Wallet => Path.Combine(_folder, "wallet");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_appended_is_there_when_the_store_is_opened_again()
    {
        await using (var store = Open())
        {
            Assert.Empty(await store.LoadAsync(Cancellation));
            await store.AppendAsync(Records("one", "two"), Cancellation);
            await store.AppendAsync(Records("", "three"), Cancellation);
            await store.AppendAsync([], Cancellation);
        }

        Assert.Equal("one|two||three", await LoadAsync());
    }

    [Fact]
    public async Task A_changed_byte_before_whole_commits_is_damage_and_is_refused_with_what_to_do()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(Records("first"), Cancellation);
            await store.AppendAsync(Records("second"), Cancellation);
        }

        var segment = Directory.GetFiles(Wallet, "segment-*").Single();
        var bytes = await File.ReadAllBytesAsync(segment, Cancellation);
        bytes[300] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, Cancellation);
        var refusal = WalletLogStore.Open(Wallet, SystemEntropy.Instance).Error;
        Assert.Equal("wallet", refusal.Field);
        Assert.Contains("is damaged", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(segment, refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(segment, Cancellation));
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_what_was_there()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(Records(new string('x', 10_000), "older"), Cancellation);
            var before = store.Size;
            await store.ReplaceAsync(Records("snapshot"), Cancellation);
            Assert.True(store.Size < before / 10);
            await store.AppendAsync(Records("new"), Cancellation);
        }

        Assert.Equal("snapshot|new", await LoadAsync());
    }

    [Fact]
    public async Task A_wallet_belongs_to_one_owner()
    {
        await using var store = Open();
        var second = WalletLogStore.Open(Wallet, SystemEntropy.Instance).Error;
        Assert.Equal("wallet", second.Field);
        Assert.Contains($"is in use by process {Environment.ProcessId}", second.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_wallet_is_refused_and_left_alone()
    {
        var diary = Path.Combine(_folder, "diary");
        await File.WriteAllTextAsync(diary, "Dear diary, today I lost my keys.", Cancellation);
        Assert.Equal("wallet", WalletLogStore.Open(diary, SystemEntropy.Instance).Error.Field);
        Assert.Equal("wallet", WalletLogStore.Open(_folder, SystemEntropy.Instance).Error.Field);
        Assert.StartsWith("Dear diary", await File.ReadAllTextAsync(diary, Cancellation), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Contains("is not at", WalletLogStore.Open($"{Wallet}x", SystemEntropy.Instance, mustExist: true).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_log_is_refused()
    {
        await using (var log = RecordLog.Open(DiskDirectory.Open(Wallet), new LogOptions { Purpose = "other/1" }, SystemEntropy.Instance, new CollectingReplay()).Value)
            await log.AppendAsync(new LogBatch().Add([1]), Cancellation);
        Assert.Contains("is a log for \"other/1\"", WalletLogStore.Open(Wallet, SystemEntropy.Instance).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix permissions.");
        await using var store = Open();
        await store.AppendAsync(Records("secret"), Cancellation);
        await store.ReplaceAsync(Records("secret"), Cancellation);
        await store.AppendAsync(Records("secret"), Cancellation);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(Wallet).UnixFileMode);
        foreach (var name in Directory.EnumerateFiles(Wallet).Where(static name => name.Contains("segment-", StringComparison.Ordinal) || name.EndsWith("checkpoint", StringComparison.Ordinal)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(name).UnixFileMode);
    }

    private static ReadOnlyMemory<byte>[] Records(params string[] texts) => [.. texts.Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))];

    private WalletLogStore Open() => WalletLogStore.Open(Wallet, SystemEntropy.Instance).Value;

    private async Task<string> LoadAsync()
    {
        await using var store = Open();
        return string.Join('|', (await store.LoadAsync(Cancellation)).Select(static record => Encoding.UTF8.GetString(record.Span)));
    }
}
