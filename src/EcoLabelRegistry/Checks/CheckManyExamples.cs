namespace EcoLabelRegistry.Checks;

/// <summary>Lists of questions as the contract shows them, in each form.</summary>
internal static class CheckManyExamples
{
    public const string JsonIn = """
        {
          "defaults": { "recognisedBy": "cel", "asOf": "2019-11-01" },
          "items": [
            { "id": "1", "scheme": "eco-mark", "certificate": "17 133 003" },
            { "id": "2", "gtin": "4006381333930" }
          ]
        }
        """;

    public const string LinesIn = """
        { "id": "1", "recognisedBy": "cel", "scheme": "eco-mark", "certificate": "17 133 003", "asOf": "2019-11-01" }
        { "id": "2", "recognisedBy": "cel", "gtin": "4006381333930" }
        """;

    public const string CsvIn = """
        序号,认证标志,证书编号,品牌,型号,数量
        1,eco-mark,17 133 003,RISOGRAPH,MF935,12
        """;

    public const string SheetIn = "The bytes of a workbook; the first row of its first sheet that has any text is the header.";

    public const string XmlIn = """
        <Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
            xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
            xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
          <cac:CatalogueLine>
            <cbc:ID>1</cbc:ID>
            <cac:Item>
              <cac:Certificate><cbc:ID>17 133 003</cbc:ID><cbc:CertificateTypeCode>eco-mark</cbc:CertificateTypeCode></cac:Certificate>
            </cac:Item>
          </cac:CatalogueLine>
        </Catalogue>
        """;

    public const string CsvOut = """
        序号,认证标志,证书编号,品牌,型号,数量,answer,outcome,certificate_scheme,certificate_number,agreement,level,conditions,holds_until,reasons,warnings
        1,eco-mark,17 133 003,RISOGRAPH,MF935,12,partly,conditional,eco-mark,17 133 003,cel-ecomark-2005,common-criteria,criteria-not-held; document-required,,agreement-not-yet-effective,label-still-required; scheme-not-policy
        """;

    private const string Problem = """
        {
          "id": "2",
          "problem": {
            "type": "/problems/invalid",
            "title": "Something is missing or not allowed",
            "status": 400,
            "detail": "gtin: \"4006381333930\" is not a GTIN: its check digit is 0 and should be 1.",
            "code": "invalid",
            "errors": { "gtin": ["\"4006381333930\" is not a GTIN: its check digit is 0 and should be 1."] }
          }
        }
        """;

    // The single check's own example with the id in front.
    private static readonly string First = "{ \"id\": \"1\"," + CheckExample.Answer.TrimStart()[1..];

    public static readonly string JsonOut = $$"""{ "revision": 772, "results": [{{First}}, {{Problem}}] }""";

    public static readonly string LinesOut = $"{OneLine(First)}\n{OneLine(Problem)}\n";

    private static string OneLine(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString(Http.Json.Options);
}
