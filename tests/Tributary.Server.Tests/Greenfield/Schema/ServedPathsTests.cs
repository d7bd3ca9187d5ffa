using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>Each path of BTCPay's documents is served here, or stands in the list of those that are not.</summary>
public sealed class ServedPathsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public void Every_path_of_BTCPays_documents_is_served_or_listed_as_not_served_and_not_both()
    {
        Assert.SkipWhen(OpenApiFolder.Here is null, $"{OpenApiFolder.Variable} does not name the folder of BTCPay's OpenAPI documents.");
        var served = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => Plain(method, endpoint.RoutePattern.RawText!)) ?? [])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var absent = OpenApiFolder.Here.Operations.Where(operation => !served.Contains(Plain(operation.Method, operation.Path))).ToArray();
        Assert.Equal([], absent.Where(static operation => UnservedPaths.WhyNot(operation) is null).Select(static operation => operation.Name), StringComparer.Ordinal);
        var present = OpenApiFolder.Here.Operations.Except(absent).ToArray();
        Assert.Equal([], present.Where(static operation => UnservedPaths.WhyNot(operation) is not null).Select(static operation => operation.Name), StringComparer.Ordinal);
        Assert.Equal([], UnservedPaths.All.Where(listed => !absent.Any(listed.Holds)).Select(static listed => listed.ToString()), StringComparer.Ordinal);
    }

    // Names of parts differ between documents and tell nothing.
    private static string Plain(string method, string path) =>
        method + " /" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(static part => part.StartsWith('{') ? "{}" : part));
}
