using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>The OpenAPI document of the dialect, held to the routes that it is made from.</summary>
public sealed class DocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_document_names_every_route_and_what_it_reads_and_making_it_does_nothing()
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var root = document.RootElement;
        Assert.Equal("3.1.0", root.GetProperty("openapi").GetString());
        var paths = root.GetProperty("paths");
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<GreenfieldRule>() is not { } rule)
                continue;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var operation = paths.GetProperty(endpoint.RoutePattern.RawText!).GetProperty(method.ToLowerInvariant());
                Assert.Equal(rule.Policy, operation.TryGetProperty("x-permission", out var policy) ? policy.GetString() : null);
            }
        }

        var create = paths.GetProperty("/api/v1/stores/{storeId}/invoices").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties");
        Assert.Equal(("string", "decimal"), (create.GetProperty("amount").GetProperty("type").GetString(), create.GetProperty("amount").GetProperty("format").GetString()));
        Assert.Equal(4, create.GetProperty("checkout").GetProperty("properties").GetProperty("speedPolicy").GetProperty("enum").GetArrayLength());
        var list = paths.GetProperty("/api/v1/stores/{storeId}/invoices").GetProperty("get").GetProperty("parameters").EnumerateArray();
        Assert.Equal("array", list.Single(static parameter => parameter.GetProperty("name").ValueEquals("orderId")).GetProperty("schema").GetProperty("type").GetString());
        var names = root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(static schema => schema.Name).ToHashSet(StringComparer.Ordinal);
        foreach (System.Text.RegularExpressions.Match found in System.Text.RegularExpressions.Regex.Matches(root.GetRawText(), "#/components/schemas/(?<name>[A-Za-z_.]+)"))
            Assert.Contains(found.Groups["name"].Value, names);
        Assert.Equal(0, (await server.Operator().GetAsync("/stores/store_main/invoices")).Body.GetArrayLength());
    }
}
