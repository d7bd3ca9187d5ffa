using System.Text;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Wallets.Storage;

public sealed class WalletLogStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-wallet-log-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "wallet");

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
    public async Task A_file_cut_off_at_any_byte_has_every_commit_that_was_whole_before()
    {
        var lengths = new List<(int Length, string Text)> { (0, "") };
        await using (var store = Open())
        {
            for (var i = 0; i < 6; i++)
            {
                await store.AppendAsync(Records($"record {i}", new string((char)('a' + i), i * 7)), Cancellation);
                lengths.Add(((int)store.Size, string.Join('|', Enumerable.Range(0, i + 1).Select(static n => $"record {n}|{new string((char)('a' + n), n * 7)}"))));
            }
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File, Cancellation);
        for (var length = 0; length <= whole.Length; length++)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..length], Cancellation);
            Assert.Equal(lengths.Last(state => state.Length <= length).Text, await LoadAsync());

            // What is appended after a cut is found too.
            await using (var store = Open())
                await store.AppendAsync(Records("after"), Cancellation);
            Assert.EndsWith("after", await LoadAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_changed_byte_before_whole_commits_is_damage_and_nothing_is_dropped()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(Records("first"), Cancellation);
            await store.AppendAsync(Records("second"), Cancellation);
            await store.AppendAsync(Records("third"), Cancellation);
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File, Cancellation);
        var lastFrame = whole.Length - (20 + 6);
        for (var at = WalletLogFormat.HeaderLength; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x20;
            await System.IO.File.WriteAllBytesAsync(File, changed, Cancellation);
            var opened = WalletLogStore.Open(File, SystemEntropy.Instance);
            Assert.Equal(at >= lastFrame, opened.IsOk);
            if (opened.TryGet(out var store, out var refusal))
                await store.DisposeAsync();
            else
                Assert.Contains("restore it from a backup", refusal.Reason, StringComparison.Ordinal);
            Assert.Equal(opened.IsOk ? lastFrame : whole.Length, new FileInfo(File).Length);
        }
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_what_was_there()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(Records("old", "older"), Cancellation);
            await store.ReplaceAsync(Records("snapshot"), Cancellation);
            await store.AppendAsync(Records("new"), Cancellation);
        }

        Assert.Equal("snapshot|new", await LoadAsync());
        Assert.False(System.IO.File.Exists($"{File}.new"));
    }

    [Fact]
    public async Task A_snapshot_that_was_not_finished_changes_nothing()
    {
        await using (var store = Open())
            await store.AppendAsync(Records("kept"), Cancellation);
        await System.IO.File.WriteAllTextAsync($"{File}.new", "half a snapshot", Cancellation);
        Assert.Equal("kept", await LoadAsync());
        Assert.False(System.IO.File.Exists($"{File}.new"));
    }

    [Fact]
    public async Task A_file_belongs_to_one_owner()
    {
        await using var store = Open();
        var second = WalletLogStore.Open(File, SystemEntropy.Instance).Error;
        Assert.Equal("wallet", second.Field);
        Assert.EndsWith("is in use by another process", second.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_wallet_is_refused_and_left_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, "Dear diary, today I lost my keys.", Cancellation);
        Assert.Equal("wallet: is not a wallet log", WalletLogStore.Open(File, SystemEntropy.Instance).Error.ToString());
        Assert.StartsWith("Dear diary", await System.IO.File.ReadAllTextAsync(File, Cancellation), StringComparison.Ordinal);
        Assert.Contains("is not at", WalletLogStore.Open($"{File}x", SystemEntropy.Instance, mustExist: true).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_version_is_refused()
    {
        await Open().DisposeAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Cancellation);
        bytes[8] = 2;
        await System.IO.File.WriteAllBytesAsync(File, bytes, Cancellation);
        Assert.Equal("wallet.version: is 2; this program reads version 1: upgrade it", WalletLogStore.Open(File, SystemEntropy.Instance).Error.ToString());
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix permissions.");
        await using var store = Open();
        await store.AppendAsync(Records("secret"), Cancellation);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(File).UnixFileMode);
        await store.ReplaceAsync(Records("secret"), Cancellation);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(File).UnixFileMode);
    }

    [Fact]
    public void A_frame_of_another_file_is_not_taken_for_one()
    {
        var foreign = WalletLogFormat.Frame(salt: 1, sequence: 0, Records("forged"));
        byte[] Log(uint salt) => [.. WalletLogFormat.Header(salt), .. foreign];
        Assert.Empty(WalletLogFormat.Read(Log(salt: 2)).Value.Records);
        Assert.Single(WalletLogFormat.Read(Log(salt: 1)).Value.Records);
    }

    [Fact]
    public void Any_file_is_read_or_refused()
    {
        var log = new List<byte>(WalletLogFormat.Header(salt: 7));
        for (ulong i = 0; i < 3; i++)
            log.AddRange(WalletLogFormat.Frame(7, i, Records("some", "records")));
        Fuzz.Run([[.. log]], static input => _ = WalletLogFormat.Read(input.ToArray()), limits: new FuzzLimits(BytesPerInputByte: 16, Bytes: 8192));
    }

    private static ReadOnlyMemory<byte>[] Records(params string[] texts) => [.. texts.Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))];

    private WalletLogStore Open() => WalletLogStore.Open(File, SystemEntropy.Instance).Value;

    private async Task<string> LoadAsync()
    {
        await using var store = Open();
        return string.Join('|', (await store.LoadAsync(Cancellation)).Select(static record => Encoding.UTF8.GetString(record.Span)));
    }
}
