using System.Diagnostics;
using System.Globalization;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Tests.Wallets;

/// <summary>A wallet whose process is killed. <c>TRIBUTARY_CRASH_ROUNDS</c> kills it more often.</summary>
public sealed class WalletCrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_loses_no_address_no_payment_and_no_lease_that_it_acknowledged()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-wallet-crash-").FullName;
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_CRASH_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 4;
        var random = new Random(1);
        for (var round = 0; round < rounds; round++)
        {
            await RunChildUntilAsync(folder, acknowledgements: 1 + random.Next(80));
            await CheckAsync(folder, round);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task CheckAsync(string folder, int round)
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(folder, "chain") }, TimeProvider.System).Value;
        await using var wallet = await WalletCrashChild.OpenAsync(folder, chain);
        var addresses = wallet.ListAddresses().Select(static one => one.Address.ToString()).ToHashSet(StringComparer.Ordinal);
        var leases = wallet.Leases.Select(static lease => lease.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var line in Acknowledged(folder))
        {
            var (what, value) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            switch (what)
            {
                case "address":
                    Assert.True(addresses.Contains(value), $"round {round}: address {value} is lost");
                    break;
                case "sent":
                    Assert.True(TxId.TryParse(value, out var id) && wallet.FindTransaction(id) is { IsOwn: true, Label: "crash" }, $"round {round}: payment {value} is lost");
                    break;
                case "lease":
                    Assert.True(leases.Contains(value), $"round {round}: lease {value} is lost");
                    break;
                case "refused":
                    Assert.Fail($"round {round}: {line}");
                    break;
            }
        }
    }

    private static async Task RunChildUntilAsync(string folder, int acknowledgements)
    {
        var already = Acknowledged(folder).Count;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { [WalletCrashChild.FolderVariable] = folder },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(typeof(WalletCrashTests).Assembly.Location);
        }

        start.ArgumentList.Add("--help");

        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = child.StandardError.ReadToEndAsync(Cancellation);
        try
        {
            while (Acknowledged(folder).Count < already + acknowledgements)
            {
                // The runner, whose help is long said, kills what is left of it after ten seconds: on a busy machine that comes first.
                if (child.HasExited)
                {
                    Assert.True(Acknowledged(folder).Count > already, $"The child ended by itself: {await output}{await errors}");
                    break;
                }

                await Task.Delay(1, Cancellation);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Whole lines that the child wrote.</summary>
    private static List<string> Acknowledged(string folder)
    {
        var path = Path.Combine(folder, "acknowledged");
        if (!File.Exists(path))
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
