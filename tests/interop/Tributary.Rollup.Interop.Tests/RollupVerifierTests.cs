using System.Globalization;
using System.Text.Json;
using Tributary.Rollup.Verification;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>A verifier as a process that is killed whenever it is in the middle of something, and whose checkpoint is damaged.</summary>
public sealed class RollupVerifierTests(BitcoindFixture fixture)
{
    // Blocks on a block until it may be settled, and one for the batch itself.
    private const int SettledBlocks = 13;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verifier_that_is_killed_again_and_again_goes_on_from_its_checkpoint_and_trusts_none_that_is_damaged()
    {
        await using var world = await RollupWorld.StartAsync(fixture, Token);
        _ = await world.CreateWalletAsync("alice", Token);
        var bob = await world.CreateWalletAsync("bob", Token);
        await world.DepositAsync("alice", 500_000, Token);
        await world.SettleAsync(Token);
        await PayAsync(world, bob, 1_000);

        // Killed while it checks proofs, and when it has written its first checkpoint.
        var proofs = Path.Combine(world.Folder("verifier"), "proofs");
        await KillWhenAsync(world, () => Directory.Exists(proofs) && Directory.EnumerateFiles(proofs, "*.proof").Any());
        await world.MineAsync(SettledBlocks, Token);
        await KillWhenAsync(world, () => HeightOf(world) is not null);

        // Killed while it follows: when it has gone on, and when it has moved its checkpoint. Every start goes on from what was there.
        for (var round = 0; round < 4; round++)
        {
            var before = HeightOf(world);
            Assert.NotNull(before);
            if (round == 0)
                await PayAsync(world, bob, 2_000);
            await world.MineAsync(SettledBlocks, Token);
            await using var verifier = Start(world);
            if (round % 2 == 0)
                Assert.Equal(before, Resumed(await FirstLineAsync(verifier)));
            else
                await UntilAsync(verifier, () => HeightOf(world) > before);
            await verifier.KillAsync(Token);
            Assert.True(HeightOf(world) >= before);
        }

        // To its end: what the operator has, and what one says that was never killed.
        var last = HeightOf(world);
        var (code, report) = await world.VerifyAsync("verifier", world.Url, Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal(last, Resumed(report));
        var (other, unharmed) = await world.VerifyAsync("unharmed", world.Url, Token);
        Assert.True(other == 0, unharmed.ToString());
        Assert.Null(Resumed(unharmed));
        foreach (var name in new[] { "root", "proven_root", "batches", "proven_segments" })
            Assert.Equal(unharmed.GetProperty(name).ToString(), report.GetProperty(name).ToString());
        Assert.Equal((await world.StatusAsync(Token)).GetProperty("root").GetString(), report.GetProperty("root").GetString());

        await CheckThatNothingIsReadTwiceAsync(world, report);
        await CheckDamageAsync(world, report);
    }

    // With no proof left anywhere, one that began from the start would have nothing proven.
    private static async Task CheckThatNothingIsReadTwiceAsync(RollupWorld world, JsonElement good)
    {
        await world.MineAsync(SettledBlocks, Token);
        Assert.Equal(0, (await world.VerifyAsync("verifier", world.Url, Token)).Code);
        var kept = Path.Combine(world.Folder("verifier"), "proofs");
        var aside = Directory.CreateDirectory(Path.Combine(world.Folder("kept"), "proofs")).FullName;
        foreach (var file in Directory.GetFiles(kept, "*.proof"))
            File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
        var (code, report) = await world.VerifyAsync("verifier", world.Folder("verifier"), Token);
        Assert.True(code == 0, report.ToString());
        Assert.Equal(good.GetProperty("root").GetString(), report.GetProperty("proven_root").GetString());
        Assert.NotNull(Resumed(report));
        foreach (var file in Directory.GetFiles(aside))
            File.Move(file, Path.Combine(kept, Path.GetFileName(file)));
    }

    // A flipped bit, and a file that ends too early: named, put aside, and all of it read from Bitcoin again.
    private static async Task CheckDamageAsync(RollupWorld world, JsonElement good)
    {
        foreach (var isCut in new[] { false, true })
        {
            var bytes = await File.ReadAllBytesAsync(FileOf(world), Token);
            bytes[bytes.Length / 2] ^= 16;
            await File.WriteAllBytesAsync(FileOf(world), isCut ? bytes[..(bytes.Length / 3)] : bytes, Token);
            var (code, report) = await world.VerifyAsync("verifier", world.Url, Token);
            Assert.True(code == 0, report.ToString());
            Assert.Null(Resumed(report));
            Assert.Contains("checkpoint", report.GetProperty("discarded_checkpoint").GetString(), StringComparison.Ordinal);
            Assert.Contains("damaged", report.GetProperty("discarded_checkpoint").GetString(), StringComparison.Ordinal);
            Assert.Equal(good.GetProperty("root").GetString(), report.GetProperty("proven_root").GetString());
            Assert.True(File.Exists(Path.Combine(world.Folder("verifier"), "replica", "checkpoint.damaged")));
            (code, report) = await world.VerifyAsync("verifier", world.Url, Token);
            Assert.True(code == 0, report.ToString());
            Assert.NotNull(Resumed(report));
        }
    }

    private static async Task PayAsync(RollupWorld world, string to, int amount)
    {
        await world.DoAsync(Token, "send", "--data", world.Folder("alice"), "--to", to, "--amount", amount.ToString(CultureInfo.InvariantCulture));
        await world.SettleAsync(Token);
    }

    private static string FileOf(RollupWorld world) => Path.Combine(world.Folder("verifier"), "replica", "checkpoint");

    // The height that a checkpoint on disk stands on; a file is there whole or not at all.
    private static int? HeightOf(RollupWorld world)
    {
        try
        {
            return ReplicaCheckpoint.Read(File.ReadAllBytes(FileOf(world))).Value.Settled.Height;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static int? Resumed(JsonElement report) => report.TryGetProperty("resumed_from", out var height) && height.ValueKind == JsonValueKind.Number ? height.GetInt32() : null;

    private static LongCommand Start(RollupWorld world) => world.StartCommand("verify", "--data", world.Folder("verifier"), "--proofs", world.Url, "--from", world.From, "--follow");

    private static async Task KillWhenAsync(RollupWorld world, Func<bool> holds)
    {
        await using var verifier = Start(world);
        await UntilAsync(verifier, holds);
        await verifier.KillAsync(Token);
    }

    private static async Task<JsonElement> FirstLineAsync(LongCommand verifier)
    {
        JsonElement line = default;
        await UntilAsync(verifier, () => verifier.TryRead(out line));
        return line;
    }

    private static async Task UntilAsync(LongCommand verifier, Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_patience);
        while (!holds())
        {
            if (verifier.IsOver)
                throw new InvalidOperationException($"The verifier has ended with code {verifier.ExitCode}.");
            await Task.Delay(5, patience.Token);
        }
    }
}
