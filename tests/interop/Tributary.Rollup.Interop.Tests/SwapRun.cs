using System.Diagnostics;
using System.Text.Json;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>
/// A swap's client as a process, beside the operator: a block comes when both have acted on the one before, so that nothing depends on how fast the machine
/// is. The client is killed at every new line that it prints, the operator at everything new that it says it has done.
/// </summary>
internal sealed class SwapRun(RollupWorld world, string wallet)
{
    private readonly HashSet<string> _clientKills = new(StringComparer.Ordinal);
    private readonly HashSet<string> _operatorKills = new(StringComparer.Ordinal);

    internal bool KillsClient { get; init; }

    internal bool KillsOperator { get; init; }

    /// <summary>The client is killed for good when a line says so.</summary>
    internal Func<JsonElement, bool>? Until { get; init; }

    internal int ClientDeaths { get; private set; }

    internal int OperatorDeaths { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs the command, and 'swap resume' after each death, until the swap is over.</summary>
    /// <returns>The last line.</returns>
    internal async Task<JsonElement> RunAsync(string[] command, TimeSpan patience)
    {
        var since = Stopwatch.StartNew();
        var client = world.StartCommand(command);
        JsonElement? last = null;
        var tip = 0;
        try
        {
            while (true)
            {
                if (since.Elapsed > patience)
                    throw new TimeoutException($"the swap stays at {last}; the chain is at {tip}, the operator at {await world.StatusAsync(Token)} and with the swap at {(last is { } stuck ? await world.GetAsync($"v1/swaps/{stuck.GetProperty("swap").GetString()}", Token) : null)}");
                var dies = false;
                while (client.TryRead(out var line))
                {
                    if (line.TryGetProperty("error", out var error))
                        throw new InvalidOperationException($"swap: {error}");
                    last = line;
                    if (Until?.Invoke(line) == true)
                        return line;
                    dies |= KillsClient && _clientKills.Add(KeyOf(line));
                }

                if (last is { } seen && IsOver(seen))
                    return seen;
                if (dies || client.IsOver)
                {
                    await client.DisposeAsync();
                    Assert.True(dies || last is not null, "the client ended without a word");
                    ClientDeaths++;
                    client = world.StartCommand("swap", "resume", "--data", world.Folder(wallet));
                    continue;
                }

                if (last is { } now && now.GetProperty("height").ValueKind == JsonValueKind.Number && now.GetProperty("height").GetInt32() >= tip && await MayMineAsync(now, tip))
                    tip = await world.MineAsync(1, Token);
                else
                    await Task.Delay(50, Token);
            }
        }
        finally
        {
            await client.DisposeAsync();
        }
    }

    /// <summary>Everything that was taken is on Bitcoin and proven, and no coin waits for a block.</summary>
    internal async Task SettleAsync()
    {
        await world.SettleAsync(Token);
        await world.SettleAsync(Token);
    }

    /// <summary>Waits until the operator has acted on the last block, and proven all.</summary>
    internal static async Task QuietAsync(RollupWorld world, TimeSpan patience)
    {
        var since = Stopwatch.StartNew();
        while (!await IsQuietAsync(world))
        {
            Assert.True(since.Elapsed < patience, $"the operator stays at {await world.StatusAsync(Token)}");
            await Task.Delay(50, Token);
        }
    }

    /// <summary>Mines past heights, with some blocks one by one after each, until commands have ended.</summary>
    internal static async Task RunToEndsAsync(RollupWorld world, LongCommand[] commands, IReadOnlyList<int> ends, TimeSpan patience)
    {
        var since = Stopwatch.StartNew();
        var heights = new int[commands.Length];
        var tip = (await world.Bitcoind.RpcAsync("getblockcount", Token)).GetInt32();
        for (var single = 0; commands.Any(static command => !command.IsOver);)
        {
            foreach (var (i, command) in commands.Index())
            {
                while (command.TryRead(out var line))
                {
                    Assert.False(line.TryGetProperty("error", out var error), error.ToString());
                    if (line.GetProperty("height").ValueKind == JsonValueKind.Number)
                        heights[i] = line.GetProperty("height").GetInt32();
                }
            }

            Assert.True(since.Elapsed < patience, $"stays at {string.Join(' ', heights)} of {tip}");
            if (!commands.Index().All(one => one.Item.IsOver || heights[one.Index] >= tip) || !await IsQuietAsync(world))
            {
                await Task.Delay(50, Token);
                continue;
            }

            // Eight blocks after each timeout are enough for a post, a batch and its depth.
            var next = ends.FirstOrDefault(end => end > tip);
            var jump = single < 10 || next == 0 ? 1 : Math.Max(1, next - tip);
            single = jump == 1 ? single + 1 : 0;
            tip = await world.MineAsync(jump, Token);
        }
    }

    private static bool IsOver(JsonElement line) => line.GetProperty("state").GetString() is "swapped" or "refunded" or "unlocked" or "lost";

    private static string KeyOf(JsonElement line) => line.TryGetProperty("about_to", out var step) ? $"about to {step.GetString()}" : line.GetProperty("state").GetString()!;

    private static async Task<bool> IsQuietAsync(RollupWorld world)
    {
        var height = (await world.Bitcoind.RpcAsync("getblockcount", Token)).GetInt32();
        var status = await world.StatusAsync(Token);
        return RollupWorld.HasActedOn(status, height)
            && status.TryGetProperty("segments", out var segments) && segments.GetUInt64() == status.GetProperty("proven_segments").GetUInt64();
    }

    // Operator and client have acted on the last block; the operator dies where it has done something new.
    private async Task<bool> MayMineAsync(JsonElement line, int tip)
    {
        if (!await IsQuietAsync(world) || await world.GetAsync($"v1/swaps/{line.GetProperty("swap").GetString()}", Token) is not { } progress)
            return false;
        var isOver = progress.GetProperty("outcome").ValueKind == JsonValueKind.String;
        if (!isOver && progress.GetProperty("height").GetInt32() < tip)
            return false;
        if (!KillsOperator || !_operatorKills.Add($"{progress.GetProperty("step").GetString()} {progress.GetProperty("has_locked").GetBoolean()} {isOver}"))
            return true;
        OperatorDeaths++;
        await world.KillOperatorAsync(Token);
        await world.StartOperatorAsync(Token, world.OperatorExtras);
        return false;
    }
}
