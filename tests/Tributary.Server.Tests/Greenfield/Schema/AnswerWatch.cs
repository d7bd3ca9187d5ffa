using System.Collections.Concurrent;
using System.Text.Json;

namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>
/// Holds each answer that a test of the dialect gets against BTCPay's documents, where <see cref="OpenApiFolder.Variable"/> names them. An answer that
/// differs otherwise than <see cref="Deviations"/> says fails the test that asked.
/// </summary>
internal static class AnswerWatch
{
    private static readonly ConcurrentDictionary<string, bool> s_seen = new(StringComparer.Ordinal);

    /// <summary>Operations of BTCPay's documents to which a success was checked in this run.</summary>
    public static ICollection<string> Seen => s_seen.Keys;

    public static void Check(HttpMethod method, string path, int status, JsonElement body)
    {
        if (OpenApiFolder.Here is not { } folder || folder.Find(method.Method, "/api/v1" + path) is not { } operation)
            return;
        if (OpenApiFolder.AnswerOf(operation, status) is not { } schema)
            return;
        if (status is 200 or 201)
            s_seen.TryAdd(operation.Name, true);
        var differences = new SchemaCheck(folder).Check(schema, body).Where(difference => !Deviations.Allows(operation.Name, difference)).ToArray();
        if (Environment.GetEnvironmentVariable("TRIBUTARY_BTCPAY_DIFFERENCES") is { Length: > 0 } file)
        {
            lock (s_seen)
                File.AppendAllLines(file, differences.Select(difference => $"{operation.Name} {status}\t{difference}"));
        }
        else
        {
            Assert.True(differences.Length == 0, $"{operation.Name} {status} differs from BTCPay's document:\n{string.Join('\n', differences.AsEnumerable())}\n{body.GetRawText()}");
        }
    }
}
