using System.Text.Json;

namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>The check itself, on a document of our own.</summary>
public sealed class SchemaCheckTests
{
    private const string Document = """
        {
          "paths": {
            "/api/v1/things/{id}": { "get": { "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } } } },
            "/api/v1/things/mine": { "get": { "responses": { "200": { } } } }
          },
          "components": { "schemas": {
            "State": { "type": "string", "enum": ["New", "Old"] },
            "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "note": { "type": "string", "nullable": true }, "old": { "type": "string", "deprecated": true } } },
            "Thing": { "allOf": [ { "$ref": "#/components/schemas/Base" }, { "properties": {
              "state": { "$ref": "#/components/schemas/State" },
              "amount": { "type": "string", "format": "decimal" },
              "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
              "either": { "anyOf": [ { "type": "string" }, { "type": "number" } ] },
              "list": { "type": "array", "items": { "type": "boolean" } } } } ] }
          } }
        }
        """;

    [Theory]
    [InlineData("""{"id":"a","note":null,"state":"New","amount":"1.5","counts":{"a":1},"either":2,"list":[true],"more":1}""", "")]
    [InlineData("""{"note":"","state":"New","amount":"1","counts":{},"either":"","list":[]}""", "$.id: is absent")]
    [InlineData("""{"id":null,"note":"","state":"New","amount":"1","counts":{},"either":"","list":[]}""", "$.id: is null")]
    [InlineData("""{"id":"a","note":"","state":"Other","amount":"1","counts":{},"either":"","list":[]}""", "$.state: is \"Other\", which is none of [\"New\", \"Old\"]")]
    [InlineData("""{"id":"a","note":"","state":"Old","amount":"one","counts":{},"either":"","list":[]}""", "$.amount: is no decimal")]
    [InlineData("""{"id":"a","note":"","state":"Old","amount":"1","counts":{"a":1.5},"either":"","list":[]}""", "$.counts.*: is of type Number, not integer")]
    [InlineData("""{"id":"a","note":"","state":"Old","amount":"1","counts":{},"either":[],"list":[]}""", "$.either: is of type Array, not string")]
    [InlineData("""{"id":"a","note":"","state":"Old","amount":"1","counts":{},"either":"","list":["x"]}""", "$.list[]: is of type String, not boolean")]
    [InlineData("""{"id":"a","state":"Old","amount":"1","counts":{},"either":"","list":[]}""", "$.note: is absent")]
    public void What_differs_is_found_and_nothing_else(string value, string difference)
    {
        var folder = Folder();
        var schema = OpenApiFolder.AnswerOf(folder.Find("GET", "/api/v1/things/1")!, 200)!.Value;
        using var document = JsonDocument.Parse(value);
        Assert.Equal(difference, string.Join('\n', new SchemaCheck(folder).Check(schema, document.RootElement)));
    }

    [Fact]
    public void A_path_is_found_by_its_parts_and_below_a_store_too()
    {
        var folder = Folder();
        Assert.Equal("/api/v1/things/mine", folder.Find("GET", "/api/v1/things/mine?take=1")!.Path);
        Assert.Equal("/api/v1/things/{id}", folder.Find("GET", "/api/v1/stores/a/things/b")!.Path);
        Assert.Null(folder.Find("POST", "/api/v1/things/1"));
        Assert.Null(folder.Find("GET", "/api/v1/things"));
        Assert.Null(OpenApiFolder.AnswerOf(folder.Find("GET", "/api/v1/things/mine")!, 200));
    }

    private static OpenApiFolder Folder()
    {
        var folder = new OpenApiFolder();
        folder.Add(Document);
        return folder;
    }
}
