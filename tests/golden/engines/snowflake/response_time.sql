WITH their_leads AS (
  SELECT
    CAST("LEAD_ID" AS VARCHAR) AS lead_id,
    CAST("CREATED_AT" AS TIMESTAMPNTZ) AS created_at,
    CAST("WORKFLOW" AS VARCHAR) AS workflow,
    CAST("CHANNEL" AS VARCHAR) AS channel,
    CAST("REGION" AS VARCHAR) AS region,
    CAST("SEGMENT" AS VARCHAR) AS segment,
    CAST("OWNER" AS VARCHAR) AS owner,
    "SCORE" AS score,
    CAST("FIRST_RESPONSE_AT" AS TIMESTAMPNTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(GET("EXTRA", 'tier') AS VARCHAR) AS attribute_0
  FROM "CRM"."LEADS"
), facts_leads AS (
  SELECT
    lead_id,
    created_at AS created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    first_response_at AS first_response_at,
    attribute_0,
    import_id,
    line
  FROM their_leads AS current_leads
), timed AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    CAST(unit.created_at AS DATE) AS cohort_day,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST_IGNORE_NULLS(
        CAST((
          (
            DATEDIFF(DAY, CAST(unit.created_at AS DATE), CAST(unit.first_response_at AS DATE))
          ) * 86400 + (
            FLOOR(DATE_PART(HOUR, unit.first_response_at)) - FLOOR(DATE_PART(HOUR, unit.created_at))
          ) * 3600 + (
            FLOOR(DATE_PART(MINUTE, unit.first_response_at)) - FLOOR(DATE_PART(MINUTE, unit.created_at))
          ) * 60 + (
            FLOOR(DATE_PART(SECOND, unit.first_response_at)) - FLOOR(DATE_PART(SECOND, unit.created_at))
          ) * 1
        ) AS DOUBLE) / 60,
        0
      )
    END AS minutes,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST_IGNORE_NULLS(
        DATEDIFF(DAY, CAST(unit.created_at AS DATE), CAST(unit.first_response_at AS DATE)),
        0
      )
    END AS answered_after_days
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
)
SELECT
  segment,
  cohort_day,
  answered_after_days,
  CAST(FLOOR(24 * LN(1 + minutes)) AS INT) AS bucket,
  COUNT(*) AS units
FROM timed
GROUP BY
  1,
  2,
  3,
  4
