using System.Net;
using System.Text.Json;

namespace Tributary.Faults.Tests;

/// <summary>A request and the answer that the server gave to it.</summary>
internal sealed record Acknowledged(string Path, string Form, string Key, HttpStatusCode Status, string Body)
{
    public bool IsDone => Status == HttpStatusCode.OK;

    public JsonElement Json => ShopClient.Parse(Body);

    public string Id => Json.GetProperty("id").GetString()!;
}
