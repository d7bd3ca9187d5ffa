using System.Diagnostics;

namespace Tributary.Payments.Benchmarks;

/// <summary>A checkout page that is open in a browser while its invoice is paid: the stream of changes, and the page taken anew after each, as its script does.</summary>
internal sealed class WatchedPage(ApiClient client)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>From the wallet's pay call to the page that says that it is paid: the Lightning payment is part of it.</summary>
    internal async Task<TimeSpan> PayAsync()
    {
        using var made = await client.PostAsync(
            "/v1/payment_intents",
            new KeyValuePair<string, string>("amount", "500"),
            new("currency", "eur"),
            new("confirm", "true"),
            new("payment_method_data[type]", "lightning"));
        var id = made.RootElement.GetProperty("id").GetString()!;
        var page = $"/pay/{id}?client_secret={made.RootElement.GetProperty("client_secret").GetString()}";
        await client.GetPageAsync(page);
        await using var events = await client.OpenAsync(page.Replace("?", "/events?", StringComparison.Ordinal));
        using var reader = new StreamReader(events);
        await ReadEventAsync(reader);

        var began = Stopwatch.GetTimestamp();
        var paying = client.PostAsync($"/v1/test_helpers/payment_intents/{id}/pay", new KeyValuePair<string, string>("payment_method_type", "lightning"));
        while (Stopwatch.GetElapsedTime(began) < s_patience)
        {
            await ReadEventAsync(reader);
            if (!(await client.GetPageAsync(page)).Contains("phase-paid", StringComparison.Ordinal))
                continue;
            var time = Stopwatch.GetElapsedTime(began);
            using var paid = await paying;
            return string.Equals(paid.RootElement.GetProperty("status").GetString(), "succeeded", StringComparison.Ordinal)
                ? time
                : throw new InvalidOperationException($"The page says that {id} is paid, and the API does not.");
        }

        throw new InvalidOperationException($"The page of {id} does not show its payment within {s_patience.TotalSeconds} s.");
    }

    private static async Task ReadEventAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                return;
        }

        throw new InvalidOperationException("The stream of a page's changes ended.");
    }
}
