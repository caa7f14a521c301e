namespace EcoLabelRegistry.Checks;

/// <summary>The main question as the contract shows it: the first certificate used between Japan and China, asked for the year of its use.</summary>
internal static class CheckExample
{
    /// <summary>The question.</summary>
    public const string Question = """
        { "recognisedBy": "cel", "scheme": "eco-mark", "certificate": "17 133 003", "asOf": "2019-11-01" }
        """;

    /// <summary>The answer, with one of its paths and some of what it lists.</summary>
    public const string Answer = """
        {
          "answer": "partly",
          "outcome": "conditional",
          "product": {
            "id": "p-93fc56e22692c3490803",
            "brand": "RISOGRAPH",
            "model": "MF935",
            "gtins": [],
            "category": "it.digital-duplicator",
            "names": { "en": "RISOGRAPH MF series digital duplicator", "zh": "RISOGRAPH MF 系列数字式一体化速印机" }
          },
          "recogniser": { "code": "cel", "kind": "scheme", "names": {"en": "China Environmental Labelling", "zh": "中国环境标志"} },
          "asOf": "2019-11-01",
          "revision": 772,
          "holdsUntil": null,
          "paths": [
            {
              "outcome": "conditional",
              "level": "common-criteria",
              "derived": false,
              "holdsUntil": null,
              "certificate": {
                "id": "eco-mark-780077197d1be3d01844",
                "scheme": "eco-mark",
                "number": "17 133 003",
                "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                "category": "it.digital-duplicator",
                "standard": "eco-mark-no-133",
                "edition": "1",
                "tier": null,
                "standing": "valid",
                "validFrom": null,
                "validUntil": null,
                "confirmedOn": "2019-10-25"
              },
              "steps": [
                {
                  "agreement": "cel-ecomark-2005",
                  "policy": null,
                  "grant": "cel-accepts-eco-mark-digital-duplicators",
                  "recogniser": "cel",
                  "recognised": "eco-mark",
                  "level": "common-criteria"
                }
              ],
              "conditions": [
                {
                  "code": "criteria-not-held",
                  "message": "The criteria of HJ 424 2017 are not held here: ask the recogniser what is left to prove.",
                  "standard": "cel-hj-424",
                  "edition": "2017",
                  "ref": null,
                  "criterion": null,
                  "comparison": null,
                  "why": null,
                  "heldRef": null,
                  "about": "/v1/agreements/cel-ecomark-2005"
                },
                {
                  "code": "document-required",
                  "message": "The \"Eco Mark Verification of Certification\" of the Eco Mark Office must be attached to the application (about one week, free of charge).",
                  "standard": null,
                  "edition": null,
                  "ref": null,
                  "criterion": null,
                  "comparison": null,
                  "why": null,
                  "heldRef": null,
                  "about": "/v1/agreements/cel-ecomark-2005"
                },
                {
                  "code": "certificate-standing-unconfirmed",
                  "message": "No source shows that the certificate was still valid on the date. Ask for a current copy.",
                  "standard": null,
                  "edition": null,
                  "ref": null,
                  "criterion": null,
                  "comparison": null,
                  "why": null,
                  "heldRef": null,
                  "about": null
                }
              ]
            }
          ],
          "certificates": [
            {
              "id": "eco-mark-780077197d1be3d01844",
              "scheme": "eco-mark",
              "number": "17 133 003",
              "standing": "valid",
              "reasons": []
            }
          ],
          "related": [
            {
              "scheme": "cel",
              "certificate": null,
              "key": "riso-mf9350c",
              "model": "MF9350C",
              "relation": "granted abroad on the basis of this certificate (agreement cel-ecomark-2005)"
            }
          ],
          "reasons": [
            {
              "code": "grant-not-yet-effective",
              "message": "This line of the agreement does not apply yet on the date.",
              "about": "/v1/agreements/cjk-2012"
            }
          ],
          "nearest": null,
          "coverage": [{"scheme": "eco-mark", "register": "partial", "asOf": "2023-11-21"}],
          "warnings": [
            { "code": "label-still-required", "message": "This \"partly\" does not replace the recogniser's own label." },
            {
              "code": "scheme-not-policy",
              "message": "A label was asked. Whether a tender accepts the product depends on its purchasing policy."
            }
          ]
        }
        """;
}
